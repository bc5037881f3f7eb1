import { applications } from "../simulator/applications.ts";

const { clientId, redirectUris, scopes } = applications.public;
const policies = ["Single_Factor", "Multi_Factor", "Passwordless", "Identifier_First"];

/** The variable `APPLICATIONS` for the simulator's public application, under every policy. */
export const standInApplications = JSON.stringify({
  mobile: { clientId, redirectUri: redirectUris[0], scopes, policies },
});

/** For the AWS SDK, which wants to be told even where nobody looks. */
export const standInAws = {
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;
