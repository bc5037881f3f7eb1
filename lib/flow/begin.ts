import { askToStart } from "./ask.ts";
import { traceUpstream } from "./conclude.ts";
import type { FlowPorts, Trace } from "./context.ts";
import { withCount } from "./counted.ts";
import { reasonProblem, stateOf } from "./decide.ts";
import type { Jar } from "./jar.ts";
import { admit, withPerson } from "./limits.ts";
import type { FlowProblem } from "./problems.ts";
import type { DeviceContext, StartCommand, UpstreamReply } from "./provider.ts";
import type { NewFlow } from "./store.ts";

/** A flow that is to be begun with PingOne. */
export interface Beginning {
  readonly command: StartCommand;
  readonly device: DeviceContext;
  readonly network?: string | undefined;
  readonly trace: Trace;
}

/**
 * What came of asking PingOne to begin a flow. `lost`: PingOne may have begun one, and nobody can find it any
 * more.
 */
export type Begun =
  | { readonly kind: "begun"; readonly flow: NewFlow }
  | { readonly kind: "refused"; readonly problem: FlowProblem }
  | { readonly kind: "lost"; readonly jar: Jar };

/** What the limits tell against a start. A hint may send codes, and tells as much of a name as a lookup. */
export function admitStart(ports: FlowPorts, { command: { loginHint }, network }: Beginning) {
  return admit(ports, { name: loginHint, network, sendsMessage: loginHint !== undefined });
}

/**
 * Asks PingOne to begin a flow, once. Never throws for what PingOne or the network does.
 *
 * @param person from the limits: whom a hint names
 */
export async function begin(
  ports: FlowPorts,
  { command, device, trace }: Beginning,
  person: string | undefined,
): Promise<Begun> {
  const sentAt = ports.clock.now();
  const upstream = await askToStart(ports, command, device);
  const createdAt = ports.clock.now();
  traceUpstream(trace, upstream, createdAt - sentAt);
  return begunBy(withPerson(upstream, person), createdAt);
}

function begunBy({ answer, jar }: UpstreamReply, createdAt: number): Begun {
  switch (answer.kind) {
    case "flow":
      return { kind: "begun", flow: { createdAt, state: stateOf(answer.flow, createdAt, createdAt), jar } };
    case "failed":
    case "locked":
    case "rate-limited":
    case "rejected":
      // A start says of a name what a lookup would. No flow is kept, whatever became of PingOne's.
      return { kind: "refused", problem: withCount(reasonProblem("lookup", answer), false) };
    case "unsupported":
    case "authorized":
      return { kind: "refused", problem: { error: "unsupported-step" } };
    case "refused":
    case "denied":
    case "gone":
    case "signed-out":
      return { kind: "refused", problem: { error: "flow-failed" } };
    case "unsent":
      return { kind: "refused", problem: { error: "upstream-unavailable" } };
    case "doubtful":
      return { kind: "lost", jar };
  }
}
