import { createHmac, createPublicKey, verify } from "node:crypto";
import { isIP } from "node:net";
import * as z from "zod";
import type { Application } from "./applications.ts";
import { readJwks } from "./jwks.ts";
import type { World } from "./world.ts";

const digests = {
  ...{ HS256: "sha256", HS384: "sha384", HS512: "sha512" },
  ...{ RS256: "sha256", RS384: "sha384", RS512: "sha512" },
} as const;

/** Neither `cty` nor `enc` may be there. */
const headerSchema = z.union([
  z.strictObject({ alg: z.enum(["HS256", "HS384", "HS512"]), typ: z.string().optional() }),
  z.strictObject({ alg: z.enum(["RS256", "RS384", "RS512"]), typ: z.string().optional(), kid: z.string() }),
]);

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

/**
 * What a signed parameter says, where it is the application's own and of this time: signed with its secret,
 * or by a key of its JWKS.
 */
export function readSigned<Claims extends Common>(
  { baseUrl, otherBaseUrls, clock }: World,
  { clientId, ...signers }: Pick<Application, "clientId"> & Signers,
  schema: z.ZodType<Claims>,
  token: string | undefined,
): Claims | undefined {
  const [header = "", claims = "", signature = "", ...rest] = token?.split(".") ?? [];
  const said = headerSchema.safeParse(jsonIn(header)).data;
  if (said === undefined || rest.length > 0) return undefined;
  const { data } = schema.safeParse(jsonIn(claims));
  if (!isSignature(signature, `${header}.${claims}`, said, signers) || data === undefined) return undefined;
  const { iss, aud, nbf = 0, exp = Number.POSITIVE_INFINITY } = data;
  const now = clock.now() / 1000;
  const isMeant = [baseUrl, ...otherBaseUrls].some((base) => aud === `${base}/as`);
  return iss === clientId && isMeant && nbf <= now && exp > now ? data : undefined;
}

type Signers = Pick<Application, "clientSecret" | "jwks">;

function isSignature(
  signature: string,
  input: string,
  header: z.infer<typeof headerSchema>,
  { clientSecret, jwks }: Signers,
): boolean {
  const digest = digests[header.alg];
  if (!("kid" in header)) {
    if (clientSecret === undefined) return false;
    return createHmac(digest, clientSecret).update(input).digest("base64url") === signature;
  }
  const key = readJwks(jwks ?? "")?.find(({ kid }) => kid === header.kid);
  if (key === undefined || (key.alg ?? header.alg) !== header.alg) return false;
  const { kty, n, e } = key;
  const publicKey = createPublicKey({ key: { kty, n, e }, format: "jwk" });
  return verify(digest, Buffer.from(input), publicKey, Buffer.from(signature, "base64url"));
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
