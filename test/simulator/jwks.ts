import * as z from "zod";

const rsaKey = z.object({
  kty: z.literal("RSA"),
  use: z.literal("sig").optional(),
  alg: z.enum(["RS256", "RS384", "RS512"]).optional(),
  kid: z.string().min(1),
  n: z.base64url(),
  e: z.base64url(),
});

const jwksSchema = z.object({ keys: z.array(rsaKey).min(1) });

/** The keys of a JWKS, which PingOne takes as a text; nothing for a text that is none. */
export function readJwks(text: string): readonly z.infer<typeof rsaKey>[] | undefined {
  try {
    return jwksSchema.safeParse(JSON.parse(text)).data?.keys;
  } catch {
    return undefined;
  }
}
