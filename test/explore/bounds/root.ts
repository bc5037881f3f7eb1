import type { FlowSettings } from "../../../lib/flow/context.ts";
import { type FlowState, viewOf } from "../../../lib/flow/flow.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import { canonicalRequest, clientSteps, type StepName, steps } from "../../../lib/flow/steps.ts";
import type { FlowKey, FlowStore, HeldClaim } from "../../../lib/flow/store.ts";
import { immediatePorts } from "../immediate.ts";
import { Judge } from "../judge/judge.ts";
import { emptyLedger, type Ledger } from "../judge/ledger.ts";
import { commandFor, type RequestSpec, sealedWaiter, startRequest, stepRequest } from "../requests.ts";
import { type FlowRow, keyOf } from "../table/flow-row.ts";
import { emptyWorld, rowIn, settingsWith, type World } from "../world.ts";
import { type Doubt, jarFor, type Root, stateFor, upstreamFor } from "./root-state.ts";

/** The keys to a flow. */
export interface Keys {
  readonly current: FlowKey;
  /** The one before, and the request that it bought. */
  readonly previous: FlowKey;
  readonly bought: StepName;
  readonly older: FlowKey;
  /** One that no flow has. */
  readonly foreign: FlowKey;
}

/** A root, made. */
export interface Ground {
  readonly world: World;
  readonly ledger: Ledger;
  readonly settings: FlowSettings;
  readonly keys: Keys;
  /** What the holder of the newest token has asked for and got no answer to. */
  readonly unanswered: readonly RequestSpec[];
}

/** The status of a root on which no flow has begun. */
export const noFlow = "no flow";

const nobody: FlowKey = { flowId: "", flowToken: "" };

function noKeys(bought: StepName): Keys {
  return { current: nobody, previous: nobody, older: nobody, foreign: nobody, bought };
}

const foreignToken = "A".repeat(43);

/** Makes a root: with a token that is two answers old, and one that is one answer old. */
export async function prepare(root: Root): Promise<Ground> {
  const settings = settingsWith(root.disclosure ?? "hints", root.serving ?? "little");
  const making = new Making(settings);
  const [bought = "resume"] = clientSteps;
  const { world, ledger } = making;
  if (root.status === noFlow) return { world, ledger, settings, keys: noKeys(bought), unanswered: [] };
  const state = stateFor(root, world.now);
  const passing = { ...state, next: [bought] };
  const older = await making.create(passing, jarFor(root));
  const previous = await making.pass("R1", older, bought, passing);
  const current = await making.pass("R2", previous, bought, state);
  const { attempts = 0 } = root;
  making.change((row) => ({ ...row, attempts, credentialTries: attempts }));
  world.upstream = upstreamFor(root);
  const unanswered = root.doubt === undefined ? [] : [await making.doubt(current, root.doubt)];
  making.damage(root);
  const foreign = { ...current, flowToken: foreignToken };
  return { world, ledger, settings, keys: { current, previous, bought, older, foreign }, unanswered };
}

class Making {
  readonly world = emptyWorld();
  readonly ledger: Ledger;
  readonly #judge: Judge;
  readonly #settings: FlowSettings;

  constructor(settings: FlowSettings) {
    this.#settings = settings;
    this.ledger = emptyLedger(settings.disclosure === "minimal");
    this.#judge = new Judge(this.world, this.ledger, settings);
  }

  create(state: FlowState, jar: Jar): Promise<FlowKey> {
    const store = this.#storeOf("R0", startRequest({}));
    return store.create({ createdAt: this.world.now, state, jar });
  }

  /** Takes a step that leads to a state: the key with the next token. */
  async pass(name: string, key: FlowKey, step: StepName, state: FlowState): Promise<FlowKey> {
    const held = await this.#claim(name, stepRequest("holder", key, step), key, step);
    const reply = { kind: "view", view: viewOf(key.flowId, state) } as const;
    const { flowToken } = await held.commit({ state, jar: held.jar, reply });
    return { ...key, flowToken };
  }

  /** Leaves a step in doubt: the request that took it. */
  async doubt(key: FlowKey, { step, upstream, isMarked }: Doubt): Promise<RequestSpec> {
    const spec = stepRequest("holder", key, step);
    const held = await this.#claim("R3", spec, key, step);
    if (isMarked) await held.markDoubtful(held.jar);
    else this.world.now = held.until;
    const deeds = this.ledger.deeds.get("R3");
    if (deeds !== undefined && upstream !== undefined) {
      deeds.hasActed = true;
      if (steps[step].call.kind === "action") {
        deeds.looks = 1;
        this.ledger.looks.set(key.flowToken, [step]);
      }
    }
    return spec;
  }

  damage({ waiter, broken }: Root): void {
    if (waiter !== undefined) {
      this.change((row) => ({ ...row, watched: true, waiter: sealedWaiter(waiter, 0) }));
    }
    if (broken === "version") this.change((row) => ({ ...row, v: 99 }));
    if (broken === "jar") this.change((row) => ({ ...row, jar: row.jar?.changed({ counter: 99 }) }));
  }

  change(to: (row: FlowRow) => FlowRow): void {
    const { flows, flowId } = this.world;
    const row = rowIn(this.world);
    if (row !== undefined) flows.set(keyOf(flowId), to(row));
  }

  #storeOf(name: string, spec: RequestSpec): FlowStore {
    this.#judge.enters(name, spec);
    return immediatePorts(name, { world: this.world, settings: this.#settings, bringsRow: true }, this.#judge)
      .store;
  }

  async #claim(name: string, spec: RequestSpec, key: FlowKey, step: StepName): Promise<HeldClaim> {
    const { countsAttempt, triesCredential } = steps[step];
    const { now } = this.world;
    const { attemptLimit, credentialLimit, budgets } = this.#settings;
    const result = await this.#storeOf(name, spec).claim({
      ...{ ...key, step, canonical: canonicalRequest(commandFor(step)), now, until: now + budgets.leaseMs },
      attemptLimit: countsAttempt ? attemptLimit : undefined,
      credentialLimit: triesCredential ? credentialLimit : undefined,
    });
    if (result.kind === "held") return result.claim;
    throw new Error(`${step} can't be claimed: ${result.kind}`);
  }
}
