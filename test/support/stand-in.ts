import type { ClientSecrets } from "../../lib/flow/client-secrets.ts";
import { applications } from "../simulator/applications.ts";
import { policyNames } from "../simulator/policies.ts";

/** Where people use their passkeys: a page of this machine, as the stand-in for PingOne wants it. */
export const passkeyOrigin = "http://localhost:3000";

const passkeyOrigins = [passkeyOrigin, "http://localhost:8080"];

/** The simulator's application of each name that clients give. */
export const registered = {
  mobile: applications.public,
  web: applications.confidential,
  office: applications.refreshing,
} as const;

/** The variable `APPLICATIONS` for the simulator's applications, under every policy. */
export const standInApplications = JSON.stringify({
  mobile: settingsOf(registered.mobile),
  web: {
    ...settingsOf(registered.web),
    ...{ clientAuthentication: "basic", signedRequest: "client-secret", stepUp: ["Passwordless"] },
  },
  office: { ...settingsOf(registered.office), clientAuthentication: "post", session: "end" },
});

function settingsOf({ clientId, redirectUris, scopes }: Registered) {
  return { clientId, redirectUri: redirectUris[0], scopes, policies: policyNames, passkeyOrigins };
}

type Registered = (typeof registered)[keyof typeof registered];

/** The secrets of those that have one, by the name that clients give. */
export const registeredSecrets: ReadonlyMap<string, string> = new Map(
  Object.entries(registered).flatMap(([name, one]) =>
    "clientSecret" in one ? [[name, one.clientSecret] as const] : [],
  ),
);

/** The same where the sources look for them. */
export const standInSecrets: ClientSecrets = {
  of: async (application) => registeredSecrets.get(application),
  forget: () => undefined,
};

/** The ARN of a key of the kind `HMAC_256`, in the stand-in for KMS. */
export const standInHashKey = "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-0000000000aa";

/** The ARN of a key of the kind `RSA_2048`, in the stand-in for KMS. */
export const standInSigningKey =
  "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-0000000000bb";

/**
 * For tests in which the same few people sign on again and again, from one address and by
 * a clock that stands.
 */
export const noNameLimits = {
  NAME_LIMIT: "1000000",
  NETWORK_LIMIT: "1000000",
  MESSAGE_LIMIT: "1000000",
} as const;

/** For the AWS SDK, which wants to be told even where nobody looks. */
export const standInAws = {
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;
