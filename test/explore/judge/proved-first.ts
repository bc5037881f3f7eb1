import { sessionCookie } from "../pingone/upstream.ts";
import type { Check } from "./check.ts";

/** What PingOne asks for once it takes the person for proved. */
export const pastCredentials: readonly string[] = [
  "AGREEMENT_CONSENT_REQUIRED",
  "COMPLETED",
  "PROFILE_DATA_REQUIRED",
];

/** Nobody is signed on by being named. */
export const provedFirst: Check = {
  name: "proved first",
  promise: "A start leads nobody past the credentials, whatever PingOne makes of whom it names.",
  onRow: ({ deeds, before, after }) => {
    if (deeds.role !== "starter" || after === undefined || after === before) return undefined;
    if (pastCredentials.includes(after.status)) return `a start leads to ${after.status}`;
    const isSignedOn = after.jar?.peek().cookies.some(({ name }) => name === sessionCookie) === true;
    return isSignedOn ? "a start keeps a session cookie" : undefined;
  },
};
