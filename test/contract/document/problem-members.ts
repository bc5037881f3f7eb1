import { passwordRequirements } from "../../../lib/flow/details.ts";
import type { FaultReason, FlowProblem, ProblemName, RequestFault } from "../../../lib/flow/problems.ts";
import { failureCodes } from "../../../lib/flow/reasons.ts";
import { clientSteps } from "../../../lib/flow/steps.ts";
import type { JsonObject } from "../json.ts";
import { schemaRef, strictObject } from "./schemas.ts";

/** The members of the body that only this problem has. The others are every problem's, or a header. */
type OwnMember<Name extends ProblemName> = Exclude<
  keyof Extract<FlowProblem, { error: Name }>,
  "attemptCounted" | "error" | "retryAfter"
>;

/** What the body of one problem has beside the members of every problem. */
interface Members<Name extends string = string> {
  readonly members: Readonly<Record<Name, JsonObject>>;
  /** Those of them that may be absent. */
  readonly optional: readonly Name[];
  /** Whether it brings the flow along where the request moved it. */
  readonly flow: boolean;
}

const none = { members: {}, optional: [], flow: false } as const;
const moved = { members: {}, optional: [], flow: true } as const;

const reasons = {
  missing: "It is not there.",
  malformed: "It doesn't have the form that the schema asks for.",
  "too-long": "It is longer than the schema allows.",
  "not-json": "It is no JSON.",
  unknown: "It is none of ours.",
} as const satisfies Record<FaultReason, string>;

/** A part of a request that is wrong. */
export const requestFault = {
  description: "A part of a request that is wrong. Nothing that was sent is repeated.",
  ...strictObject(
    {
      name: {
        type: "string",
        description:
          "A member of the body, flowId, or a header; body where the whole is wrong or a member is unknown.",
      },
      reason: {
        type: "string",
        enum: Object.keys(reasons),
        description: Object.entries(reasons)
          .map(([name, text]) => `${name}: ${text}`)
          .join(" "),
      },
      didYouMean: { type: "string", description: "The member that an unknown one resembles." },
    } satisfies Record<keyof RequestFault, JsonObject>,
    ["didYouMean"],
  ),
};

/** The own members of each problem. */
export const problemMembers = {
  "request-invalid": {
    members: {
      fields: {
        type: "array",
        items: schemaRef("RequestFault"),
        description: "What is wrong, and why.",
      },
    },
    optional: [],
    flow: true,
  },
  "credentials-rejected": moved,
  "refresh-rejected": none,
  "otp-rejected": {
    members: {
      attemptsRemaining: {
        type: "integer",
        minimum: 0,
        description: "How often PingOne lets the person try again.",
      },
    },
    optional: ["attemptsRemaining"],
    flow: true,
  },
  "name-taken": moved,
  "password-refused": {
    members: {
      unsatisfied: {
        type: "array",
        items: { type: "string", enum: passwordRequirements },
        description: "The rules of passwordPolicy that the new password breaks.",
      },
    },
    optional: [],
    flow: true,
  },
  "assertion-rejected": moved,
  "push-denied": moved,
  "profile-rejected": moved,
  "consent-refused": moved,
  "locked-out": moved,
  "flow-not-found": none,
  "token-superseded": none,
  "idempotency-key-reused": none,
  "flow-expired": none,
  "flow-failed": {
    members: {
      failure: {
        type: "string",
        enum: failureCodes,
        description: "Why PingOne signs nobody on by this flow.",
      },
    },
    optional: ["failure"],
    flow: true,
  },
  "wrong-step": {
    members: {
      next: {
        type: "array",
        items: { type: "string", enum: clientSteps },
        description: "The steps that can be taken.",
      },
    },
    optional: [],
    flow: false,
  },
  "step-in-progress": none,
  "attempts-exhausted": none,
  "rate-limited": moved,
  "unsupported-step": moved,
  "outcome-unknown": none,
  "upstream-unavailable": none,
  "restart-required": moved,
} as const satisfies { readonly [Name in ProblemName]: Members<Extract<OwnMember<Name>, string>> };

/** What only the HTTP reply of a problem has. */
export const onlyByHttp: Partial<Record<ProblemName, JsonObject>> = {
  "unsupported-step": { fallback: { type: "string", const: "browser" } },
};

/** What a request is about. */
export type RequestedBy = "cancel" | "preflight" | "refresh" | "start" | "status" | "step";

const everywhere = ["start", "status", "step", "cancel", "refresh"] as const;
const withFlow = ["start", "status", "step", "cancel"] as const;
const onFlows = ["status", "step", "cancel"] as const;
// A read settles a doubt, and so tells what the step would have.
const byActing = ["status", "step"] as const;
const byActingOrStarting = ["start", ...byActing] as const;

/** Which requests each problem answers. */
export const whereTold: Readonly<Record<ProblemName, readonly RequestedBy[]>> = {
  "request-invalid": everywhere,
  "credentials-rejected": byActingOrStarting,
  "refresh-rejected": ["refresh"],
  "otp-rejected": byActing,
  "name-taken": byActing,
  "password-refused": byActing,
  "assertion-rejected": byActing,
  "push-denied": byActing,
  "profile-rejected": byActing,
  "consent-refused": byActing,
  "locked-out": byActingOrStarting,
  "flow-not-found": onFlows,
  // A repetition of a start meets its flow.
  "token-superseded": ["start", ...onFlows],
  "idempotency-key-reused": ["start"],
  "flow-expired": ["start", ...onFlows],
  "flow-failed": byActingOrStarting,
  "wrong-step": ["step"],
  "step-in-progress": ["start", ...onFlows],
  "attempts-exhausted": ["step"],
  "rate-limited": [...byActingOrStarting, "refresh"],
  "unsupported-step": byActingOrStarting,
  "outcome-unknown": [...byActing, "refresh"],
  "upstream-unavailable": everywhere,
  "restart-required": withFlow,
};
