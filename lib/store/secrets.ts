import * as z from "zod/mini";
import type { BrowserLeg, FlowView } from "../flow/flow.ts";
import type { Cookie, Jar } from "../flow/jar.ts";
import { type FlowProblem, problems } from "../flow/problems.ts";
import type { Authorization, KeptAnswer } from "../flow/reply.ts";
import { stepNames } from "../flow/steps.ts";
import { secretFor, secretOf } from "./agreement.ts";
import { DetailsSchema, type Sealed, type Shape, StepsSchema } from "./item.ts";
import { open, type Random, type SealContext, seal } from "./seal.ts";

/** Where a sealed value belongs. */
export interface Place {
  readonly environment: string;
  readonly flowId: string;
  /** The format of the row. */
  readonly version: number;
}

// Every member has to be named: what a schema doesn't know would silently not be kept.
const CookieSchema = z.object({
  name: z.string(),
  value: z.string(),
  expiresAt: z.optional(z.number()),
  domain: z.optional(z.string()),
  path: z.optional(z.string()),
} satisfies Shape<Cookie>);

const JarSchema = z.object({
  upstreamFlowId: z.string(),
  cookies: z.readonly(z.array(CookieSchema)),
  state: z.string(),
  nonce: z.string(),
  application: z.string(),
  codeChallenge: z.optional(z.string()),
  policy: z.optional(z.string()),
  maxAge: z.optional(z.number()),
  code: z.optional(z.string()),
  standing: z.optional(z.enum(["named", "decoy"])),
  person: z.optional(z.string()),
  selectedDevice: z.optional(z.string()),
} satisfies Shape<Jar>);

const BrowserLegSchema = z.object({
  url: z.string(),
  state: z.string(),
  nonce: z.string(),
} satisfies Shape<BrowserLeg>);

/** A view as a stored reply keeps it. In the order of a view: a repetition gets the same bytes. */
export const ViewSchema = z.object({
  flowId: z.string(),
  status: z.string(),
  next: StepsSchema,
  expiresAt: z.string(),
  ...DetailsSchema.shape,
  pollAfter: z.optional(z.number()),
  fallback: z.optional(z.literal("browser")),
  browser: z.optional(BrowserLegSchema),
  pending: z.optional(z.enum(stepNames)),
  settled: z.optional(z.literal("no-progress")),
} satisfies Shape<FlowView>);

/** What a stored reply keeps of a code that was fetched. */
export const AuthorizationSchema = z.object({
  flowId: z.string(),
  status: z.string(),
  code: z.string(),
  state: z.string(),
  nonce: z.string(),
  redirectUri: z.string(),
  next: z.optional(StepsSchema),
} satisfies Shape<Authorization>);

// The seal proves that we wrote the problem, so its members are taken as they are.
const ProblemSchema = z.custom<FlowProblem>(
  (value) => z.object({ error: z.enum(Object.keys(problems)) }).safeParse(value).success,
);

const AnswerSchema = z.object({
  reply: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("view"), view: ViewSchema }),
    z.extend(AuthorizationSchema, { kind: z.literal("authorized") }),
    z.object({ kind: z.literal("problem"), problem: ProblemSchema, flow: z.optional(ViewSchema) }),
  ]),
  flowToken: z.optional(z.string()),
});

/** Seals a jar under a flow token. */
export function sealJar(place: Place, token: Uint8Array, counter: number, jar: Jar, random: Random): Sealed {
  return sealJson(token, { ...place, purpose: "jar", counter }, JarSchema.parse(jar), random);
}

/** Seals a jar for the owner of a key pair: the private key is the flow token. */
export function sealJarFor(publicKey: Uint8Array, place: Place, jar: Jar, random: Random): Sealed {
  const { secret, ephemeral } = secretFor(publicKey, random);
  return { ...sealJar(place, secret, 0, jar, random), ephemeral };
}

/** The jar, or nothing when the token or the place is not the one it was sealed for. */
export function openJar(place: Place, token: Uint8Array, sealed: Sealed | undefined): Jar | undefined {
  const secret = sealed?.ephemeral === undefined ? token : secretOf(token, sealed.ephemeral);
  return secret && openJson(JarSchema, secret, { ...place, purpose: "jar" }, sealed);
}

/** Whether two jars hold the same. */
export function sameJar(a: Jar, b: Jar): boolean {
  return JSON.stringify(JarSchema.parse(a)) === JSON.stringify(JarSchema.parse(b));
}

/** Seals an answer for a repetition of its request; `secret` is from {@link replySecret}. */
export function sealAnswer(
  place: Place,
  secret: Uint8Array,
  counter: number,
  answer: KeptAnswer,
  random: Random,
): Sealed {
  return sealJson(secret, { ...place, purpose: "reply", counter }, answer, random);
}

/** The answer, or nothing when it is another token's, another request's, or kept elsewhere. */
export function openAnswer(
  place: Place,
  secret: Uint8Array,
  sealed: Sealed | undefined,
): KeptAnswer | undefined {
  return openJson(AnswerSchema, secret, { ...place, purpose: "reply" }, sealed);
}

function sealJson(secret: Uint8Array, context: SealContext, value: unknown, random: Random): Sealed {
  const plaintext = Buffer.from(JSON.stringify(value), "utf8");
  return { counter: context.counter, sealed: seal(secret, context, plaintext, random) };
}

function openJson<T>(
  schema: z.ZodMiniType<T>,
  secret: Uint8Array,
  context: Omit<SealContext, "counter">,
  kept: Sealed | undefined,
): T | undefined {
  const plaintext = kept && open(secret, { ...context, counter: kept.counter }, kept.sealed);
  return plaintext && schema.safeParse(JSON.parse(Buffer.from(plaintext).toString("utf8"))).data;
}
