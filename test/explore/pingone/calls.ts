import type { Jar } from "../../../lib/flow/jar.ts";
import type { StepName } from "../../../lib/flow/steps.ts";

/** A call to PingOne. */
export type UpstreamCall = FlowCall | StartCall;

/** A call on a flow. */
export interface FlowCall {
  readonly kind: "act" | "read";
  /** The step that is taken, or whose outcome is asked for. */
  readonly step: StepName;
  readonly jar: Jar;
}

/** A call that begins a flow. */
interface StartCall {
  readonly kind: "start";
  /** Whether it names somebody, who may be sent a code. */
  readonly isHinted: boolean;
  readonly jar: Jar;
}
