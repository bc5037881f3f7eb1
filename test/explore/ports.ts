import type { FlowPorts, FlowSettings } from "../../lib/flow/context.ts";
import type { Jar } from "../../lib/flow/jar.ts";
import type { StartCommand, UpstreamReply } from "../../lib/flow/provider.ts";
import type { Answer } from "../../lib/flow/reply.ts";
import type { UpstreamCall } from "./pingone/calls.ts";
import { waiterIn } from "./requests.ts";
import { modelStore } from "./table/flow-store.ts";
import { modelLimiter } from "./table/limiter.ts";
import type { Wire } from "./table/table.ts";
import { environment, type World } from "./world.ts";

/** Everything that leaves a function, so that somebody can decide what becomes of it. */
export interface WaysOut {
  readonly wire: Wire;
  /** Asks PingOne. */
  ask(call: UpstreamCall): Promise<UpstreamReply>;
  /** Tells a waiter how the flow has ended, or that another has taken its place. */
  tell(waiter: Uint8Array, news: News): Promise<boolean>;
}

/** The status that a flow has ended with; or that somebody else waits now. */
export type News = "replaced" | (string & {});

/** What a function runs on. */
export interface Footing {
  readonly world: World;
  readonly settings: FlowSettings;
  /** Whether a refused write brings the row. */
  readonly bringsRow: boolean;
  readonly defect?: Defect | undefined;
}

/** Something that is put in to be found. */
export interface Defect {
  /** Changes what a function runs on. @param memory is the same for all functions */
  readonly ports?: (ports: FlowPorts, memory: Map<string, string>) => FlowPorts;
  /** Changes what a function answers. */
  readonly answer?: (answer: Answer) => Answer;
  /** What the table does otherwise when a request is sent again. */
  readonly table?: "counts again" | "takes its own for another's";
}

/** The ports of one request. What it draws says who drew it, so that any order of requests draws the same. */
export function portsFor(name: string, footing: Footing, out: WaysOut): FlowPorts {
  const { world, defect } = footing;
  const sound = soundPorts(name, footing, out);
  return defect?.ports?.(sound, world.memory) ?? sound;
}

function soundPorts(name: string, { world, settings, bringsRow, defect }: Footing, out: WaysOut): FlowPorts {
  const { wire } = out;
  const table = { rows: world.flows, wire, environment, draw: drawing(name), bringsRow };
  return {
    store: modelStore({ ...table, knowsOwn: defect?.table !== "takes its own for another's" }),
    limiter: modelLimiter({ rows: world.limits, wire, knowsOwn: defect?.table !== "counts again" }),
    provider: {
      prepare: () => () => undefined,
      start: (command) =>
        out.ask({ kind: "start", isHinted: command.loginHint !== undefined, jar: newJar(command) }),
      act: (command, jar) => out.ask({ kind: "act", step: command.step, jar }),
      read: (jar, _, step) => out.ask({ kind: "read", step, jar }),
      verify: async () => ({ kind: "refused" }),
      browserLeg: () => undefined,
      signOff: async () => ({ answer: { kind: "unsent" } }),
      refresh: async () => ({ answer: { kind: "unsent" } }),
    },
    clock: { now: () => world.now },
    settings,
    reporter: {
      report: (waiter, { status }) => out.tell(waiter, status),
      reportReplaced: async ({ earlier, later }) =>
        waiterIn(earlier) !== waiterIn(later) && out.tell(earlier, "replaced"),
    },
  };
}

function newJar({ applicationName, nonce = "drawn" }: StartCommand): Jar {
  return { upstreamFlowId: "", cookies: [], state: "state", nonce, application: applicationName };
}

function drawing(name: string): (size: number) => Uint8Array {
  let drawn = 0;
  return (size) => {
    drawn += 1;
    const bytes = Buffer.alloc(size);
    bytes.write(`${name}.${drawn}`);
    return bytes;
  };
}
