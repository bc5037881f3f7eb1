import { applications } from "../simulator/applications.ts";

const { clientId, redirectUris, scopes } = applications.public;
const policies = ["Single_Factor", "Multi_Factor", "Passwordless", "Identifier_First"];

/** Where people use their passkeys: a page of this machine, as the stand-in for PingOne wants it. */
export const passkeyOrigin = "http://localhost:3000";

/** The variable `APPLICATIONS` for the simulator's public application, under every policy. */
export const standInApplications = JSON.stringify({
  mobile: {
    clientId,
    redirectUri: redirectUris[0],
    scopes,
    policies,
    passkeyOrigins: [passkeyOrigin, "http://localhost:8080"],
  },
});

/** The ARN of a key of the kind `HMAC_256`, in the stand-in for KMS. */
export const standInHashKey = "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-0000000000aa";

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
