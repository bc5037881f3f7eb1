import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const folder = fileURLToPath(new URL("../vectors/client/", import.meta.url));

const Sent = z.strictObject({
  method: z.enum(["DELETE", "GET", "POST"]),
  path: z.string(),
  /** None where the browser has it. */
  token: z.nullable(z.string()),
  body: z.record(z.string(), z.unknown()).optional(),
  afterSeconds: z.number().optional(),
});

const Answer = z.union([
  z.enum(["none", "cut"]),
  z.strictObject({
    http: z.int(),
    retryAfter: z.int().optional(),
    body: z.record(z.string(), z.unknown()).optional(),
    text: z.string().optional(),
  }),
]);

const Turn = z.strictObject({
  do: z.string(),
  with: z.record(z.string(), z.string()).optional(),
  exchanges: z.array(z.strictObject({ sent: Sent, answer: Answer })).min(1),
  shows: z.record(z.string(), z.unknown()),
});

const Case = z.strictObject({
  name: z.string(),
  tokenDelivery: z.enum(["body", "cookie"]),
  given: z.record(z.string(), z.unknown()).optional(),
  turns: z.array(Turn).min(1),
});

/** What one vector says: the answers of a server, and what a client does at each. */
export type VectorCase = z.output<typeof Case>;

/** An answer of the server: none at all, one that breaks off, or a whole one. */
export type VectorAnswer = z.output<typeof Answer>;

/** A request as the client has to send it. */
export type VectorRequest = z.output<typeof Sent>;

const Courses = z.strictObject({
  rule: z.string(),
  verifier: z.string().optional(),
  cases: z.array(Case).min(1),
});

/** The files whose vectors are courses of requests and answers: name and content. */
export const courses = ["cookies", "ends", "repeat", "retry", "settle", "start", "statuses", "tokens"].map(
  (name) => ({ name, ...Courses.parse(read(name)) }),
);

/** The challenge of each verifier. */
export const pkceVectors = z
  .strictObject({
    rule: z.string(),
    cases: z.array(z.strictObject({ verifier: z.string(), challenge: z.string() })).min(1),
  })
  .parse(read("pkce"));

/** What is left of a sign-on's life. */
export const countdownVectors = z
  .strictObject({
    rule: z.string(),
    cases: z.array(z.strictObject({ expiresIn: z.int(), elapsedMs: z.int(), left: z.int() })).min(1),
  })
  .parse(read("countdown"));

/** Which ID tokens are trusted. */
export const idTokenVectors = z
  .strictObject({
    rule: z.string(),
    issuer: z.string(),
    clientId: z.string(),
    nonce: z.string(),
    now: z.int(),
    cases: z
      .array(
        z.strictObject({
          name: z.string(),
          claims: z.record(z.string(), z.unknown()),
          verdict: z.enum(["ok", "aud", "exp", "iss", "nonce"]),
        }),
      )
      .min(1),
  })
  .parse(read("id-token"));

/** The names of all files there are. */
export const vectorFiles = readdirSync(folder).sort();

function read(name: string): unknown {
  return JSON.parse(readFileSync(`${folder}${name}.json`, "utf8"));
}
