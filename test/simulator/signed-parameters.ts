import { createHmac } from "node:crypto";
import { isIP } from "node:net";
import * as z from "zod";
import type { Application } from "./applications.ts";
import type { World } from "./world.ts";

const digests = { HS256: "sha256", HS384: "sha384", HS512: "sha512" } as const;

/** Neither `cty` nor `enc` may be there. */
const headerSchema = z.strictObject({ alg: z.enum(["HS256", "HS384", "HS512"]), typ: z.string().optional() });

const common = {
  iss: z.string(),
  aud: z.string(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  exp: z.number().optional(),
  jti: z.string().optional(),
};

/** The claims of a `login_hint_token`. */
export const hintClaims = z.strictObject({ ...common, sub: z.string().min(1) });

/** The claims of a `request`, as far as they are played. */
export const requestClaims = z.strictObject({
  ...common,
  "pi.remoteIp": z.string().refine((text) => isIP(text) !== 0),
});

type Common = z.infer<z.ZodObject<typeof common>>;

/** What a signed parameter says, where it is the application's own and of this time. */
export function readSigned<Claims extends Common>(
  { baseUrl, otherBaseUrls, clock }: World,
  { clientId, clientSecret }: Application,
  schema: z.ZodType<Claims>,
  token: string | undefined,
): Claims | undefined {
  const [header = "", claims = "", signature = "", ...rest] = token?.split(".") ?? [];
  const alg = headerSchema.safeParse(jsonIn(header)).data?.alg;
  if (alg === undefined || clientSecret === undefined || rest.length > 0) return undefined;
  const made = createHmac(digests[alg], clientSecret).update(`${header}.${claims}`).digest("base64url");
  const { data } = schema.safeParse(jsonIn(claims));
  if (made !== signature || data === undefined) return undefined;
  const { iss, aud, nbf = 0, exp = Number.POSITIVE_INFINITY } = data;
  const now = clock.now() / 1000;
  const isMeant = [baseUrl, ...otherBaseUrls].some((base) => aud === `${base}/as`);
  return iss === clientId && isMeant && nbf <= now && exp > now ? data : undefined;
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
