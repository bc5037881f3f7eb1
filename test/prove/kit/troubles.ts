import { isStep } from "../../../lib/flow/steps.ts";
import { type OperationName, operationNames } from "../../../lib/operation/names.ts";
import type { Mishap } from "../../local/aws/json-service.ts";
import type { Fault, FaultKind } from "../../simulator/faults.ts";
import {
  failsAfterwards,
  lostAfterwards,
  lostBefore,
  twiceAtOnce,
  twiceInTurn,
} from "../../support/platforms.ts";
import { targetOf } from "../../support/step-scenes.ts";
import type { Platform, WorkflowProduct } from "../../support/workflow-product.ts";
import { pick, type Random } from "./random.ts";

/** Something that goes wrong in one try of one state. */
export interface Trouble {
  readonly name: string;
  readonly state: string;
  /** Which try of that state it befalls, counted from 0. */
  readonly turn: number;
  readonly befall: (on: TroubledProduct) => Platform;
}

/** A product in which processes can be killed at any moment. */
export interface TroubledProduct {
  readonly product: WorkflowProduct;
  /** Kills the function at work, at the given moment from now: moments are requests and answers, counted. */
  killAt(moment: number): void;
}

/** Once or twice on the way to each AWS service; a call there is made twice at most. */
const outages: readonly Mishap[] = [
  { kind: "refused", name: "InternalFailure", status: 500 },
  { kind: "refused", name: "ThrottlingException" },
  { kind: "unreached" },
  { kind: "reply-lost" },
];

/** A claim, a call and a commit are five of them; the AWS services make some more. */
const mostMoments = 14;

/** The function that a state asks: such a state has its name, with capitals in the place of dashes. */
function functionOf(state: string): OperationName | undefined {
  return operationNames.find((name) => name.replaceAll("-", "") === state.toLowerCase());
}

/** Both find a process that waits for them, so that neither is late. */
const racing: Trouble["befall"] =
  ({ product }) =>
  async (call, deliver) => {
    await product.pool(functionOf(call.state) ?? "status").provision(2);
    return twiceAtOnce(call, deliver);
  };

const platforms: readonly (readonly [name: string, platform: Platform])[] = [
  ["asked twice in turn", twiceInTurn],
  ["lost afterwards", lostAfterwards],
  ["lost before", lostBefore],
  ["tried again by Lambda's word", failsAfterwards("Lambda.ServiceException")],
];

const faults: readonly FaultKind[] = [
  { kind: "reset", applied: true },
  { kind: "reset", applied: false },
  { kind: "close-mid-body" },
  { kind: "unreadable" },
  { kind: "html", applied: true },
  { kind: "html", status: 502 },
  { kind: "status", status: 500, applied: true },
  { kind: "status", status: 503 },
  { kind: "status", status: 429, retryAfter: 2 },
  { kind: "failed", code: "MFA_DISABLED" },
  { kind: "unknown-status", status: "SOMETHING_NEW" },
  { kind: "davinci" },
  { kind: "changed-flow-id" },
];

const elsewhere: Readonly<Record<string, Fault["on"]>> = {
  Start: "authorize",
  Settle: "read",
  // By the client, meanwhile.
  AwaitSignOn: targetOf("password"),
};

/** What PingOne is asked in a state; nothing where it isn't. */
function askedIn(state: string): Fault["on"] | undefined {
  const name = functionOf(state);
  return name !== undefined && isStep(name) ? targetOf(name) : elsewhere[state];
}

/** Draws some trouble for one of these states. */
export function drawTrouble(random: Random, states: readonly string[]): Trouble {
  const state = pick(random, states);
  const always = [drawRace, drawPlatform, drawKill, drawKill, drawOutage];
  const kinds = askedIn(state) === undefined ? always : [...always, drawFault, drawFault];
  return { state, turn: random.chance(0.9) ? 0 : 1, ...pick(random, kinds)(random, state) };
}

type Drawn = Pick<Trouble, "befall" | "name">;

function drawRace(): Drawn {
  return { name: "asked twice at once", befall: racing };
}

function drawPlatform(random: Random): Drawn {
  const [name, platform] = pick(random, platforms);
  return { name, befall: () => platform };
}

function drawKill(random: Random): Drawn {
  const moment = random.below(mostMoments);
  return {
    name: `killed at moment ${moment}`,
    befall: (on) => (_, deliver) => {
      on.killAt(moment);
      return deliver();
    },
  };
}

function drawOutage(random: Random): Drawn {
  const service = pick(random, ["kms", "secrets", "callbacks"] as const);
  const mishap = pick(random, outages);
  const after = random.below(3);
  const times = 1 + random.below(3);
  return {
    name: `${service} ${mishap.kind} × ${times} after ${after}`,
    befall: ({ product }) => {
      const there = product[service];
      return async (_, deliver) => {
        if (after > 0) there.plan({ kind: "delayed", until: Promise.resolve() }, after);
        there.plan(mishap, times);
        // The callbacks are asked by the client's steps, not by the state that waits for them.
        return service === "callbacks" ? deliver() : deliver().finally(() => there.clear());
      };
    },
  };
}

function drawFault(random: Random, state: string): Drawn {
  const kind = pick(random, faults);
  return {
    name: `PingOne: ${JSON.stringify(kind)}`,
    befall: ({ product }) => {
      const on = askedIn(state);
      if (on !== undefined) product.simulator.faults.script({ ...kind, on });
      return (_, deliver) => deliver();
    },
  };
}

/** Lets the troubles befall the tries that they are meant for. */
export function platformFor(troubles: readonly Trouble[], on: TroubledProduct): Platform {
  const tries = new Map<string, number>();
  return (call, deliver) => {
    const turn = tries.get(call.state) ?? 0;
    tries.set(call.state, turn + 1);
    const trouble = troubles.find((one) => one.state === call.state && one.turn === turn);
    return trouble === undefined ? deliver() : trouble.befall(on)(call, deliver);
  };
}
