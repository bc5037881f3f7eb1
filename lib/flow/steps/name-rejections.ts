import type { RejectionReason } from "../step-definition.ts";

/** One answer for every fault of a name or its password, so that nothing tells who has an account. */
export const nameRejections: readonly RejectionReason[] = [
  { code: "INVALID_VALUE" },
  { code: "INVALID_CREDENTIALS" },
  { code: "NO_PASSWORD" },
  { code: "ACCOUNT_NOT_USABLE" },
  { code: "CONSTRAINT_VIOLATION" },
  { code: "NOT_FOUND", target: "username" },
];
