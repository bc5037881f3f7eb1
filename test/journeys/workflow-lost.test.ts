import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Definition } from "../local/workflow/definition.ts";
import type { LostName } from "../local/workflow/lambda-integration.ts";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import { errorOf, monitorSecretOf, runMonitor, triesOf, underPolicy } from "../support/monitoring.ts";
import {
  atState,
  failsAfterwards,
  lostAfterwards,
  lostBefore,
  twiceAtOnce,
  twiceInTurn,
} from "../support/platforms.ts";
import type { Reached } from "../support/services.ts";
import {
  createWorkflowProduct,
  type Platform,
  type RunOptions,
  type WorkflowProduct,
} from "../support/workflow-product.ts";

const check = "usernamePassword.check";
const { username, password } = people.passwordOnly;

/** What a function reaches next, and what is done when it does. */
type Watched = readonly [reached: Reached, moment: "arrived" | "carried out", act: () => void];

let product: WorkflowProduct;
let monitor: Definition;
let nameFirst: Definition;
let watched: Watched | undefined;
beforeAll(async () => {
  product = await createWorkflowProduct({
    switches: { cookiesAt: "authorize" },
    heard: (reached, moment) => {
      if (watched?.[0] !== reached || watched[1] !== moment) return;
      const [, , act] = watched;
      watched = undefined;
      act();
    },
  });
  monitor = product.definition("SignOnMonitor");
  nameFirst = underPolicy(monitor, "Identifier_First");
  product.secrets.put(monitorSecretOf(monitor), JSON.stringify({ username, password }));
  // Duplicates race only where neither waits for its process.
  await Promise.all(
    (["lookup", "password", "resume"] as const).map((name) => product.pool(name).provision(2)),
  );
});
afterAll(() => product?.close());
afterEach(() => {
  watched = undefined;
  product.calm();
});

const run = (definition: Definition, options: RunOptions) => runMonitor(product, definition, options);
const fault = (one: Fault) => product.simulator.faults.script(one);
const unapplied: Fault = { on: check, kind: "reset", applied: false };
const settling = ["Let the lease end", "Settle"];
const signsOn = {
  "with a password": () => [monitor, ["authorize", check, "resume"]] as const,
  "with a name first": () => [nameFirst, ["authorize", "user.lookup", check, "resume"]] as const,
};
const steps = [
  ["Password", "with a password"],
  ["Resume", "with a password"],
  ["Lookup", "with a name first"],
] as const;

describe("a step whose answer was lost", () => {
  const lostNames: LostName[] = ["Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout"];
  it.each(steps.flatMap(([state, way]) => lostNames.map((name) => [state, way, name] as const)))(
    "%s: is asked again once status has told that it was committed (%s, %s)",
    async (state, way, lostName) => {
      const [definition, asked] = signsOn[way]();
      const seen = await run(definition, { platform: atState(state, lostAfterwards), lostName });
      expect(seen.ending).toMatchObject({ status: "SUCCEEDED", state: "Monitored" });
      expect(seen.asked).toEqual(asked);
      expect(triesOf(seen, state)).toBe(2);
      const at = seen.execution.visited.indexOf(`${state} lost`);
      const after = [`${state} lost`, ...settling, "Which was lost?", state];
      expect(seen.execution.visited.slice(at, at + 5)).toEqual(after);
    },
  );

  it.each([
    ...["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"],
    ...["Lambda.ClientExecutionTimeoutException", "Lambda.TooManyRequestsException"],
    ...["OutcomeUnknown", "StepInProgress", "SomethingOfALaterRuntime"],
  ])("is settled after %s, and not tried again at once", async (name) => {
    const seen = await run(monitor, { platform: atState("Password", failsAfterwards(name)) });
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(["authorize", check, "resume"]);
    expect(seen.execution.visited).toContain("Settle");
  });

  it("is settled where Step Functions gave up on it", async () => {
    const hangs: Platform = async (_, deliver) => {
      await deliver();
      product.clock.advance(120_000);
      return new Promise(() => undefined);
    };
    const seen = await run(monitor, { platform: atState("Password", hangs) });
    expect(seen.execution.tries.find(({ error }) => error !== undefined)?.error?.Error).toBe(
      "States.Timeout",
    );
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(["authorize", check, "resume"]);
  });

  it.each(steps)("%s: never ran, and is taken for the first time (%s)", async (state, way) => {
    const [definition, asked] = signsOn[way]();
    const seen = await run(definition, { platform: atState(state, lostBefore) });
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(asked);
  });

  it("may be lost again, and its settling too", async () => {
    const platform = atState("Password", lostAfterwards, lostAfterwards, lostAfterwards);
    const settled = atState("Settle", lostAfterwards, lostBefore);
    const both: Platform = (call, deliver) =>
      call.state === "Settle" ? settled(call, deliver) : platform(call, deliver);
    const seen = await run(monitor, { platform: both });
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(["authorize", check, "resume"]);
  });
});

describe("a step in doubt", () => {
  it("goes on where PingOne had moved on", async () => {
    fault({ on: check, kind: "reset", applied: true });
    const seen = await run(monitor, {});
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(["authorize", check, "read", "resume"]);
  });

  it("is not sent again by itself", async () => {
    fault(unapplied);
    const seen = await run(monitor, {});
    expect([errorOf(seen), seen.asked]).toEqual(["NoProgress", ["authorize", check, "read"]]);
  });

  it("is not sent again by itself where the settling was lost", async () => {
    fault(unapplied);
    const seen = await run(monitor, { platform: atState("Settle", lostAfterwards) });
    expect([errorOf(seen), seen.asked]).toEqual(["NoProgress", ["authorize", check, "read"]]);
  });

  it("of a resume is asked once more, for it carries no credential", async () => {
    fault({ on: "resume", kind: "reset", applied: false });
    const seen = await run(monitor, {});
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(["authorize", check, "resume", "resume"]);
  });
});

describe("a function that is killed", () => {
  const killed = (reached: Reached, moment: "arrived" | "carried out") => {
    const kill = () => {
      for (const pid of product.pool("password").busy) process.kill(pid, "SIGKILL");
    };
    return atState("Password", (_, deliver) => {
      watched = [reached, moment, kill];
      return deliver();
    });
  };

  it.each([
    ["before it has read its secret", "secrets", "arrived"],
    ["before its claim", "kms", "carried out"],
  ] as const)("%s: is asked for the first time", async (_, reached, moment) => {
    const seen = await run(monitor, { platform: killed(reached, moment) });
    expect([seen.ending, seen.asked]).toMatchObject([{ state: "Monitored" }, ["authorize", check, "resume"]]);
  });

  it("after its claim and before PingOne: the password is not presented by itself", async () => {
    const seen = await run(monitor, { platform: killed("engine", "carried out") });
    expect([errorOf(seen), seen.asked]).toEqual(["NoProgress", ["authorize", "read"]]);
  });

  it("after PingOne has answered: PingOne is read, and the sign-on goes on", async () => {
    const seen = await run(monitor, { platform: killed("PingOne", "carried out") });
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(["authorize", check, "read", "resume"]);
  });
});

describe("a task that is run twice", () => {
  const ways = [
    ["at once", twiceAtOnce],
    ["one after the other", twiceInTurn],
  ] as const;
  it.each(
    steps.flatMap(([state, way]) => ways.map(([how, platform]) => [state, how, way, platform] as const)),
  )("%s, %s, makes one call to PingOne (%s)", async (state, _, way, platform) => {
    const [definition, asked] = signsOn[way]();
    const seen = await run(definition, { platform: atState(state, platform) });
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(seen.asked).toEqual(asked);
  });
});

it("the history of all these runs holds no secret", () => {
  const canaries = historyCanaries(product);
  expect(canaries.size).toBeGreaterThan(20);
  expect(canaries.in(product.history())).toEqual([]);
});
