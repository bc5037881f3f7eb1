import type { FlowSettings } from "../../../lib/flow/context.ts";
import { chosenDevice } from "../../../lib/flow/decoy.ts";
import { type FlowState, nextSteps } from "../../../lib/flow/flow.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import { idleLimitMs } from "../../../lib/flow/lifetime.ts";
import { isFor, type StepName, steps } from "../../../lib/flow/steps.ts";
import { actionsIn, detailsIn, devices, strangeStatus } from "../pingone/statuses.ts";
import {
  type Coming,
  newUpstream,
  sessionCookie,
  sessionValue,
  type Upstream,
  userId,
} from "../pingone/upstream.ts";
import { applicationName, applicationOf, type Serving } from "../world.ts";

/** Where a flow stands before anything is explored. */
export interface Root {
  /** PingOne's status, or one of ours. */
  readonly status: string;
  readonly doubt?: Doubt | undefined;
  /** Where the session cookie is of a flow that is complete: `held` in the row, or still to come. */
  readonly session?: Coming | "held" | undefined;
  /** Who waits for the end. */
  readonly waiter?: string | undefined;
  readonly disclosure?: FlowSettings["disclosure"] | undefined;
  readonly standing?: Jar["standing"];
  /** What is wrong with the row. */
  readonly broken?: "application" | "jar" | "version" | undefined;
  /** Whether PingOne has told nothing beside the status. */
  readonly isBare?: boolean | undefined;
  /** What the application has done here: little of it unless said. */
  readonly serving?: Serving | undefined;
  /** Attempts and credentials counted before. */
  readonly attempts?: number | undefined;
}

/** A step that is in doubt. */
export interface Doubt {
  readonly step: StepName;
  /** What has come of it at PingOne: its status by now; nothing where it is as it was. */
  readonly upstream?: string | undefined;
  /** Whether whoever took the step said that it is in doubt, or fell silent until its lease had ended. */
  readonly isMarked: boolean;
}

/** Words of ours, and what PingOne is at by then. */
const ours: Readonly<Record<string, string>> = {
  RESUMED: "COMPLETED",
  RESTART_REQUIRED: "COMPLETED",
  UNSUPPORTED: "SIGN_ON_REQUIRED",
  [strangeStatus]: "OTP_REQUIRED",
};

const marginMs = 2_000;

/** The flow as the row has it. */
export function stateFor(root: Root, now: number): FlowState {
  const { status, standing, isBare = false } = root;
  const isHidden = standing !== undefined;
  const details = isHidden ? { selectedDevice: chosenDevice } : isBare ? {} : detailsIn(status);
  return {
    status,
    next: nextSteps(status, actionsIn(status), details).filter((step) => isServed(step, root)),
    details,
    deadline: now + idleLimitMs - marginMs,
    userId: status === "COMPLETED" ? userId : undefined,
  };
}

/** Whether the application of a flow takes a step. */
export function isServed(step: StepName, { serving = "little" }: Pick<Root, "serving">): boolean {
  return isFor(step, applicationOf(serving));
}

/** The jar as the row has it. */
export function jarFor({ status, session, standing, broken }: Root): Jar {
  const isDecoy = standing === "decoy";
  return {
    upstreamFlowId: newUpstream(status).id,
    cookies: session === "held" ? [{ name: sessionCookie, value: sessionValue }] : [],
    ...{
      state: "state",
      nonce: "nonce",
      application: broken === "application" ? "another" : applicationName,
    },
    ...(status === "RESUMED" ? { code: "code-of-ada" } : {}),
    ...(standing === undefined ? {} : { standing, selectedDevice: isDecoy ? chosenDevice : devices[0].id }),
  };
}

/** The flow as PingOne has it. */
export function upstreamFor({ status, doubt, session, standing }: Root): Upstream {
  const stands = standing === "decoy" ? "SIGN_ON_REQUIRED" : (ours[status] ?? status);
  const upstream = newUpstream(doubt?.upstream ?? stands);
  const coming = session === "held" || session === undefined ? "sent" : session;
  const isComplete = upstream.status === "COMPLETED";
  return {
    ...upstream,
    ...(isComplete ? { session: { value: sessionValue, coming } } : {}),
    isSpent: status === "RESUMED" || isDone(doubt, "resume"),
    isRedeemed: isDone(doubt, "exchange"),
  };
}

/** Whether a doubtful step of a kind has come to PingOne. */
function isDone(doubt: Doubt | undefined, kind: (typeof steps)[StepName]["call"]["kind"]): boolean {
  return doubt?.upstream !== undefined && steps[doubt.step].call.kind === kind;
}
