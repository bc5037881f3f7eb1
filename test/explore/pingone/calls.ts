import type { Jar } from "../../../lib/flow/jar.ts";
import type { StepName } from "../../../lib/flow/steps.ts";

/** A call to PingOne. */
export type UpstreamCall = FlowCall | RenewalCall | SignOffCall | StartCall;

/** A call on a flow. */
export interface FlowCall {
  readonly kind: "act" | "read";
  /** The step that is taken, or whose outcome is asked for. */
  readonly step: StepName;
  readonly jar: Jar;
}

/** A call that begins a flow. */
export interface StartCall {
  readonly kind: "start";
  /** Who says whom it names, who may be sent a code: the client, or an ID token of PingOne's own. */
  readonly named: "by a token" | "by the client" | undefined;
  readonly jar: Jar;
}

/** A call that ends the session of the cookies held. */
export interface SignOffCall {
  readonly kind: "sign off";
  readonly jar: Jar;
}

/** A call that uses a refresh token. */
interface RenewalCall {
  readonly kind: "renew";
  readonly jar: Jar;
}

/** What is asked of PingOne, in words. */
export function whatOf(call: UpstreamCall): string {
  switch (call.kind) {
    case "start":
      return "a flow";
    case "sign off":
      return "the session's end";
    case "renew":
      return "new tokens";
    case "act":
      return call.step;
    case "read":
      return `what became of ${call.step}`;
  }
}
