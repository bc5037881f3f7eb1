import { setTimeout as pause } from "node:timers/promises";
import { type Definition, readDefinition } from "../local/workflow/definition.ts";
import type { Ending, Execution } from "../local/workflow/execution.ts";
import { people } from "../simulator/people.ts";
import { historyCanaries, type Seen, seenBy } from "../support/history-canaries.ts";
import type { HoldingClient } from "../support/holding-client.ts";
import { monitorSecretOf, underPolicy } from "../support/monitoring.ts";
import { patienceMs } from "../support/patience.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";
import { type Defect, Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { drawTrouble, platformFor, type Trouble, type TroubledProduct } from "./kit/troubles.ts";
import { judgeExecution } from "./kit/workflow-judge.ts";

/** Each has functions in processes of their own, and a clock of its own. */
const worlds = 2;
/** A flow's life, and a little: milliseconds. */
const lifeMs = 901_000;

const { username, password } = people.passwordOnly;

type Kind = "client" | "monitor" | "name first";

/** A sign-on and what goes wrong in it. */
interface Round {
  readonly kind: Kind;
  readonly troubles: readonly Trouble[];
}

/** Where trouble can come, by the kind of sign-on. */
const states: Readonly<Record<Kind, readonly string[]>> = {
  monitor: ["Start", "Password", "Password", "Resume", "Settle"],
  "name first": ["Lookup", "Lookup", "Password", "Resume", "Settle"],
  client: ["Start", "AwaitSignOn", "AwaitSignOn", "Verify"],
};

/**
 * Workflows sign people on while the platform repeats and loses tasks, processes are killed, and everything
 * that they reach fails: one call to PingOne for each credential presented, a named end for each execution.
 */
export const workflow: Proof = {
  name: "workflow",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = Array.from({ length: rounds(1000, 20) }, () => drawRound(random));
    const tally = new Map<string, number>();
    let kills = 0;
    let logLines = 0;
    const shares = Array.from({ length: Math.min(worlds, wanted.length) }, (_, world) =>
      wanted.filter((_, index) => index % worlds === world),
    );
    await Promise.all(
      shares.map(async (share) => {
        const world = await World.create(defect, misses);
        try {
          for (const round of share) {
            const word = await world.signOn(round);
            tally.set(word, (tally.get(word) ?? 0) + 1);
          }
          kills += world.kills;
          logLines += world.logLines;
        } finally {
          await world.close();
        }
      }),
    );
    const ends = [...tally].toSorted(([, one], [, other]) => other - one);
    return {
      rounds: wanted.length,
      figure: `${kills} kills, ${logLines} log lines; ${ends.map(([word, count]) => `${count} ${word}`).join(", ")}`,
      misses: misses.all,
    };
  },
};

function drawRound(random: Random): Round {
  const kind = pick<Kind>(random, ["monitor", "monitor", "name first", "client"]);
  const count = random.below(4);
  return { kind, troubles: Array.from({ length: count }, () => drawTrouble(random, states[kind])) };
}

class World implements TroubledProduct {
  readonly product: WorkflowProduct;
  readonly #misses: Misses;
  readonly #definitions: Readonly<Record<Kind, Definition>>;
  /** Which moment of a function's work is its last; counted down. */
  readonly #fuse: Fuse;
  kills = 0;
  logLines = 0;
  #before: { readonly seen: Seen; readonly text: string };

  private constructor(product: WorkflowProduct, { definition = same }: Defect, misses: Misses, fuse: Fuse) {
    this.product = product;
    this.#misses = misses;
    this.#fuse = fuse;
    this.#before = { seen: seenBy(product), text: "" };
    fuse.burnt = () => this.#kill();
    const monitor = readDefinition(definition(product.definition("SignOnMonitor").text));
    this.#definitions = {
      monitor,
      "name first": underPolicy(monitor, "Identifier_First"),
      client: product.definition("SignOnWorkflow"),
    };
    product.secrets.put(monitorSecretOf(this.#definitions.monitor), JSON.stringify({ username, password }));
  }

  static async create(defect: Defect, misses: Misses): Promise<World> {
    const fuse: Fuse = { left: -1, burnt: () => undefined };
    const heard = () => {
      fuse.left -= 1;
      if (fuse.left === -1) fuse.burnt();
    };
    const product = await createWorkflowProduct({ switches: { cookiesAt: "authorize" }, heard });
    return new World(product, defect, misses, fuse);
  }

  killAt(moment: number): void {
    this.#fuse.left = moment;
  }

  /** Gives the word that it ended with. */
  async signOn({ kind, troubles }: Round): Promise<string> {
    const { product } = this;
    const label = `workflow, ${kind}, ${troubles.map((one) => `${one.state} ${one.name}`).join("; ")}`;
    const [before, seen] = [product.simulator.calls.length, seenBy(product)];
    const platform = platformFor(troubles, this);
    const { execution, presented } =
      kind === "client" ? this.#withClient(platform) : this.#alone(this.#definitions[kind], platform);
    const ending = await this.#endOf(execution);
    this.#misses.unless(ending !== undefined, () => `${label}: hangs at ${execution.visited.at(-1)}`);
    if (ending === undefined) return "hanging";
    const calls = product.simulator.calls.slice(before);
    judgeExecution({ label, execution, ending, calls, presented: presented() }, this.#misses);
    const leaks = historyCanaries(product, seen).in(execution.history);
    this.#misses.unless(leaks.length === 0, () => `${label}: its history holds ${leaks.join(", ")}`);
    const logged = this.#leaksInLog(seen);
    this.#misses.unless(logged.length === 0, () => `${label}: its log holds ${logged.join(", ")}`);
    this.#calm();
    return ending.status === "FAILED" ? ending.error : ending.state;
  }

  async close(): Promise<void> {
    await this.product.close();
  }

  #alone(definition: Definition, platform: ReturnType<typeof platformFor>) {
    return { execution: this.product.run(definition, {}, { platform }), presented: () => 1 };
  }

  #withClient(platform: ReturnType<typeof platformFor>) {
    const holding = this.product.client();
    const customers = {
      HandOver: async (payload: unknown) => {
        holding.client.flowId = String(Object(payload).flowId);
        return {};
      },
    };
    const execution = this.product.run(this.#definitions.client, holding.given, { customers, platform });
    const client = new Client(this.product, holding);
    const attended = client.attend(execution);
    attended.catch(() => undefined);
    return { execution, presented: () => client.presented };
  }

  async #endOf(execution: Execution): Promise<Ending | undefined> {
    const patience = new AbortController();
    const late = pause(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    const ending = await Promise.race([execution.ended, late]);
    patience.abort();
    return ending;
  }

  /**
   * What a function writes at its end may arrive during the next sign-on: two are looked through together.
   */
  #leaksInLog(seen: Seen): readonly string[] {
    const text = this.product.takeLogged();
    this.logLines += text.split("\n").filter((line) => line.includes('"_aws"')).length;
    const leaks = historyCanaries(this.product, this.#before.seen).in([this.#before.text, text]);
    this.#before = { seen, text };
    return leaks;
  }

  #kill(): void {
    for (const name of ["start", "status", "lookup", "password", "resume"] as const) {
      for (const pid of this.product.pool(name).busy) {
        this.kills += 1;
        process.kill(pid, "SIGKILL");
      }
    }
  }

  /** Nothing of one sign-on is left for the next, and whoever was told to wait has waited. */
  #calm(): void {
    this.#fuse.left = -1;
    this.product.calm(60_000);
  }
}

interface Fuse {
  left: number;
  burnt: () => void;
}

/** A client that signs on as soon as its flow is waited for, and does what each problem tells it to. */
class Client {
  readonly #product: WorkflowProduct;
  readonly #holding: HoldingClient;
  #isDone = false;
  presented = 0;

  constructor(product: WorkflowProduct, holding: HoldingClient) {
    this.#product = product;
    this.#holding = holding;
  }

  /** Signs on at the first wait; where no report comes of it, the time passes. */
  async attend(execution: Execution): Promise<void> {
    for (;;) {
      const { token } = await execution.waiting();
      this.#product.clock.advance(60_000);
      if (!this.#isDone) await this.#signOn();
      const reports = this.#product.callbacks.calls.filter(({ input }) => input["taskToken"] === token);
      const isReported = reports.some(({ output }) => output !== undefined);
      if (!isReported) this.#product.clock.advance(lifeMs - 60_000);
    }
  }

  async #signOn(): Promise<void> {
    this.#isDone = true;
    const { client } = this.#holding;
    this.presented += 1;
    const reply = await client.step("password", { username, password });
    if (reply.http !== 503) return;
    await client.status();
  }
}

function same(text: string): string {
  return text;
}
