import type { FlowPorts, FlowSettings } from "../../lib/flow/context.ts";
import type { Jar } from "../../lib/flow/jar.ts";
import {
  type IdTokenReading,
  namesSomebody,
  type StartCommand,
  type UpstreamReply,
} from "../../lib/flow/provider.ts";
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
  /** Asks by PingOne's keys whose an ID token is. */
  verify(): Promise<IdTokenReading>;
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
      start: (command) => out.ask({ kind: "start", named: namedIn(command), jar: newJar(command) }),
      act: (command, jar) => out.ask({ kind: "act", step: command.step, jar }),
      read: (jar, _, step) => out.ask({ kind: "read", step, jar }),
      verify: () => out.verify(),
      browserLeg: ({ upstreamFlowId }) => (upstreamFlowId === "" ? undefined : browserLeg),
      signOff: (jar) => out.ask({ kind: "sign off", jar }),
      refresh: (command) => out.ask({ kind: "renew", jar: newJar(command) }),
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

/** Where a browser goes on: of no flow. */
const browserLeg = { url: "https://pingone.example/as/authorize", state: "another", nonce: "another" };

function namedIn(command: StartCommand) {
  if (!namesSomebody(command)) return undefined;
  return command.subject === undefined ? "by the client" : "by a token";
}

function newJar({
  applicationName,
  nonce = "drawn",
}: Pick<StartCommand, "applicationName"> & { readonly nonce?: string | undefined }): Jar {
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
