import { loadConfig } from "../../../lib/config.ts";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import { createPingOne } from "../../../lib/pingone/client.ts";
import { defaults } from "../../support/composition.ts";
import { refusedUrl } from "../../support/refused-url.ts";
import { standInSecrets } from "../../support/stand-in.ts";
import { targetOf } from "../../support/step-scenes.ts";
import type { Cell } from "./matrix.ts";
import type { Sent } from "./person.ts";
import type { Scene } from "./scenes.ts";
import type { Stage } from "./stage.ts";

/** With so many mishaps no try of a write is left. */
const everyTry = 3;
/**
 * A twentieth of what PingOne may take in production: where it is too slow, the matrix
 * waits for it. Milliseconds.
 */
export const shortMs = 400;

/** Whether the next call to PingOne finds the connection refused. */
export interface Refusal {
  on: boolean;
}

/** Sends what a cell has sent, while something breaks where the cell says, and heals it. */
export async function sendThrough(stage: Stage, cell: Cell, scene: Scene, refusal: Refusal): Promise<Sent> {
  inject(stage, cell, refusal);
  const body = bodyFor(stage, cell, scene);
  const send = () => scene.person.step(cell.step, body);
  const sent = await (cell.outcome.fault?.kind === "delay" ? stage.hurry(send, shortMs) : send());
  heal(stage, refusal);
  return sent;
}

/** What is sent, after PingOne has been told what to make of it. */
function bodyFor({ simulator }: Stage, { step, outcome }: Cell, { right, wrong }: Scene): Scene["right"] {
  const { fault } = outcome;
  if (outcome.wrong && wrong !== undefined) return wrong;
  if (fault !== undefined) simulator.faults.script({ ...fault, on: targetOf(step) });
  return right;
}

/** Lets something break where a cell says. */
function inject({ engine, upstream }: Stage, { point }: Cell, refusal: Refusal): void {
  const injections: Readonly<Record<Cell["point"], () => void>> = {
    "before claim": () => engine.plan("claim", "unreached", everyTry),
    "after claim": () => engine.plan("claim", "reply-lost", everyTry),
    "before send": () => {
      refusal.on = true;
    },
    "mid-send": () => upstream.breakNext("request"),
    "after send": () => upstream.breakNext("reply"),
    "before commit": () => engine.plan("ending", "unreached", everyTry),
    "after commit": () => engine.plan("ending", "reply-lost", everyTry),
    nowhere: () => undefined,
  };
  injections[point]();
}

/** Nothing breaks any more. */
function heal({ engine, upstream, simulator }: Stage, refusal: Refusal): void {
  engine.clear();
  upstream.clear();
  simulator.faults.clear();
  refusal.on = false;
}

/** Ports whose next call to PingOne is refused its connection, while that is wanted. */
export function refusing(refusal: Refusal): (ports: FlowPorts) => FlowPorts {
  const { pingOne } = loadConfig(defaults({ baseUrl: `${refusedUrl}/nobody` }));
  return (ports) => {
    const unreachable = createPingOne(pingOne, ports.clock, standInSecrets);
    const act: FlowPorts["provider"]["act"] = (...call) =>
      (refusal.on ? unreachable : ports.provider).act(...call);
    return { ...ports, provider: { ...ports.provider, act } };
  };
}
