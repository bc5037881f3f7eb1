import type { Check } from "./check.ts";

/** A credential is looked at once. */
export const oneLook: Check = {
  name: "one look",
  promise: "PingOne looks at most once at a credential that a token's request carried.",
  onCall: ({ ledger, deeds }) => {
    const looks = ledger.looks.get(deeds.token) ?? [];
    return looks.length > 1 ? `PingOne looked at ${looks.join(" and ")} of one token` : undefined;
  },
};
