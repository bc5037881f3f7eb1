import type { FlowProblem } from "../problems.ts";
import type { Rejected } from "../reasons.ts";
import type { RejectionReason } from "../step-definition.ts";

/** How PingOne turns down a new password, by the name that it has in PingOne's body. */
export function newPasswordReasons(target: string): readonly RejectionReason[] {
  return [
    { code: "INVALID_VALUE", target, means: "new-password" },
    { code: "CONSTRAINT_VIOLATION", target, means: "new-password" },
  ];
}

/**
 * What a rejection means where somebody chooses a new password.
 *
 * @param otherwise what it means where nothing that was chosen is at fault
 */
export function choiceProblem({ fault }: Rejected, otherwise: FlowProblem): FlowProblem {
  switch (fault?.kind) {
    case "malformed":
      return { error: "request-invalid", fields: [{ name: fault.member, reason: "malformed" }] };
    case "new-password":
      return { error: "password-refused", unsatisfied: fault.unsatisfied };
    case undefined:
      return otherwise;
  }
}
