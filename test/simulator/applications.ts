import { randomUUID } from "node:crypto";
import * as z from "zod";
import { readJwks } from "./jwks.ts";
import { policyNames } from "./policies.ts";

const text = z.string().min(1);

/**
 * An application as somebody registers it. Names and values are those of PingOne's management API.
 *
 * | Member | Unless given |
 * |---|---|
 * | `name` | `A registered application` |
 * | `clientId`, `clientSecret` | random; no secret with `NONE` |
 * | `redirectUris` | none, which only an application without `AUTHORIZATION_CODE` can do with |
 * | `tokenEndpointAuthMethod` | `NONE` |
 * | `pkceEnforcement` | `OPTIONAL` |
 * | `grantTypes` | `AUTHORIZATION_CODE`; a worker has `CLIENT_CREDENTIALS` |
 * | `scopes` | `openid profile email` |
 * | `policies` | all; the first one runs when `acr_values` names none |
 * | `idpSignoff` | no: a session ends by its cookie only |
 * | `skipTokenSessionValidation` | no: tokens end with their session |
 * | `jwks` | none: nothing that its own key signs is taken. A text, which is a JWKS with RSA keys |
 * | `corsOrigins` | not set, which is another thing than none: see `cors.ts` |
 * | `enabled` | on; one that is off is as good as unknown |
 * | `parRequirement` | `OPTIONAL`; with `REQUIRED` a start has to be pushed, which the stand-in can't play |
 */
export const registrationSchema = z
  .strictObject({
    name: text.default("A registered application"),
    clientId: text.default(() => randomUUID()),
    clientSecret: text.optional(),
    redirectUris: z.array(z.url()).readonly().default([]),
    tokenEndpointAuthMethod: z.enum(["NONE", "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"]).default("NONE"),
    pkceEnforcement: z.enum(["OPTIONAL", "REQUIRED", "S256_REQUIRED"]).default("OPTIONAL"),
    grantTypes: z
      .array(z.enum(["AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"]))
      .min(1)
      .readonly()
      .default(["AUTHORIZATION_CODE"]),
    scopes: z.array(text).readonly().default(["openid", "profile", "email"]),
    policies: z.array(z.enum(policyNames)).min(1).readonly().default(policyNames),
    jwks: text.refine((keys) => readJwks(keys) !== undefined).optional(),
    corsOrigins: z.array(text).readonly().optional(),
    idpSignoff: z.boolean().optional(),
    skipTokenSessionValidation: z.boolean().optional(),
    enabled: z.boolean().optional(),
    parRequirement: z.enum(["OPTIONAL", "REQUIRED"]).optional(),
  })
  .refine((one) => one.redirectUris.length > 0 || !one.grantTypes.includes("AUTHORIZATION_CODE"), {
    path: ["redirectUris"],
  })
  .refine((one) => one.clientSecret === undefined || one.tokenEndpointAuthMethod !== "NONE", {
    path: ["clientSecret"],
  })
  .refine((one) => one.tokenEndpointAuthMethod !== "NONE" || !one.grantTypes.includes("CLIENT_CREDENTIALS"), {
    path: ["tokenEndpointAuthMethod"],
  })
  .transform((one) =>
    one.tokenEndpointAuthMethod === "NONE" ? one : { ...one, clientSecret: one.clientSecret ?? randomUUID() },
  );

/** An application as the registry holds it; redirect URIs are compared byte for byte. */
export type Application = z.output<typeof registrationSchema>;

/** The applications that are always registered. */
export const applications = {
  public: {
    name: "Sunrise mobile",
    clientId: "5a7c2f10-3d1e-4b8a-9c66-0e1d2a3b4c01",
    redirectUris: ["https://app.example.com/callback", "com.example.app://callback"],
    tokenEndpointAuthMethod: "NONE",
    pkceEnforcement: "S256_REQUIRED",
    grantTypes: ["AUTHORIZATION_CODE"],
    scopes: ["openid", "profile", "email"],
    policies: policyNames,
  },
  confidential: {
    name: "Sunrise web",
    clientId: "5a7c2f10-3d1e-4b8a-9c66-0e1d2a3b4c02",
    redirectUris: ["https://web.example.com/callback"],
    tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC",
    clientSecret: "simulator-secret-of-sunrise-web",
    pkceEnforcement: "S256_REQUIRED",
    grantTypes: ["AUTHORIZATION_CODE"],
    scopes: ["openid", "profile", "email"],
    policies: policyNames,
  },
  refreshing: {
    name: "Sunrise back office",
    clientId: "5a7c2f10-3d1e-4b8a-9c66-0e1d2a3b4c03",
    redirectUris: ["https://office.example.com/callback"],
    tokenEndpointAuthMethod: "CLIENT_SECRET_POST",
    clientSecret: "simulator-secret+of/sunrise:office",
    pkceEnforcement: "S256_REQUIRED",
    grantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN"],
    scopes: ["openid", "profile", "email"],
    policies: policyNames,
  },
} as const satisfies Record<string, Application>;

/** The environment's registry. */
export interface Applications {
  all(): readonly Application[];
  /** The application of a `client_id`, if registered. */
  find(clientId: string): Application | undefined;
  /** Adds an application or replaces one that was added; gives whether it did, for the seeded ones stay. */
  register(application: Application): boolean;
}

/** A registry that holds the seeded applications. */
export function createApplications(): Applications {
  const seeded = new Map<string, Application>(
    Object.values(applications).map((application) => [application.clientId, application]),
  );
  const added = new Map<string, Application>();
  return {
    all: () => [...seeded.values(), ...added.values()],
    find: (clientId) => seeded.get(clientId) ?? added.get(clientId),
    register: (application) => {
      if (seeded.has(application.clientId)) return false;
      added.set(application.clientId, application);
      return true;
    },
  };
}
