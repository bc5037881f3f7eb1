import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import { atState, lostAfterwards, lostBefore, twiceAtOnce, twiceInTurn } from "../support/platforms.ts";
import { errorOf, expectSignedOn, SigningOn, signOn } from "../support/signing-on.ts";
import { outputOf } from "../support/workflow-calls.ts";
import { asItShould, type WorkflowProduct } from "../support/workflow-product.ts";

const check = "usernamePassword.check";
const { username, password, id: userId } = people.passwordOnly;

let bench: SigningOn;
let product: WorkflowProduct;
beforeAll(async () => {
  bench = await SigningOn.create();
  product = bench.product;
});
afterAll(() => bench?.close());
afterEach(() => product.calm());

describe("what is reported", () => {
  it.each([
    ["that the sign-on is complete", (flowId: string) => ({ flowId, status: "COMPLETED", userId })],
    ["for another person", (flowId: string) => ({ flowId, status: "RESUMED", userId: "somebody-else" })],
    ["nothing", () => ({})],
    ["no object", () => "COMPLETED"],
    ["null", () => null],
    ["a list", () => [{ status: "COMPLETED" }]],
    ["another flow", () => ({ flow: { status: "COMPLETED" }, verified: { flow: { status: "COMPLETED" } } })],
  ])("is forged, %s: it is refused, and the customer is told nothing", async (_, output) => {
    const run = bench.start();
    const { token } = await run.execution.waiting();
    await bench.report(token, output(run.holding.client.flowId));
    expect(errorOf(await run.execution.ended)).toBe("ReportRefused");
    expect(run.execution.visited.at(-1)).toBe("ReportRefused");
    expect(run.told).toEqual([]);
  });

  it("is forged for a flow that failed: it ends by that name", async () => {
    const run = bench.start();
    const { token } = await run.execution.waiting();
    product.callbacks.plan({ kind: "unreached" }, 2);
    product.simulator.faults.script({ on: check, kind: "failed", code: "MFA_DISABLED" });
    await signOn(run.holding);
    await bench.report(token, { flowId: run.holding.client.flowId, status: "COMPLETED", userId });
    expect(errorOf(await run.execution.ended)).toBe("FlowFailed");
  });

  it("is reported once, whatever the client repeats", async () => {
    const run = bench.start();
    const { token } = await run.execution.waiting();
    const { client } = run.holding;
    await Promise.all(
      [1, 2, 3].map(() => client.step("password", { username, password }, run.holding.drawn)),
    );
    expectSignedOn(run, await run.execution.ended);
    await client.step("resume");
    const reports = product.callbacks.calls.filter(({ input }) => input["taskToken"] === token);
    expect(reports.map(({ error }) => error)).toEqual([undefined]);
  });

  it("is lost: the wait times out, and the flow itself is read", async () => {
    const run = bench.start();
    await run.execution.waiting();
    product.callbacks.plan({ kind: "unreached" }, 4);
    product.clock.advance(60_000);
    expect((await signOn(run.holding)).http).toBe(200);
    product.clock.advance(840_000);
    expectSignedOn(run, await run.execution.ended);
    expect(run.execution.visited.filter((state) => state === "AwaitSignOn")).toHaveLength(1);
  });

  it("does not hold the client up where nobody takes it", async () => {
    const run = bench.start();
    await run.execution.waiting();
    product.callbacks.plan({ kind: "refused", name: "AccessDeniedException" });
    expect((await signOn(run.holding)).body.status).toBe("COMPLETED");
    expect((await run.holding.client.step("resume")).http).toBe(200);
    product.clock.advance(900_000);
    expectSignedOn(run, await run.execution.ended);
  });
});

describe("another wait for the same flow", () => {
  const reportsTo = (token: string) =>
    product.callbacks.calls.filter(({ input }) => input["taskToken"] === token);

  it("is told to the first by name, once, and takes its place", async () => {
    const run = bench.start();
    const { token } = await run.execution.waiting();
    const { flowId } = run.holding.client;
    const second = product.callbacks.open();
    outputOf(await product.invoke("status", { flowId, taskToken: second.token }));
    expect(errorOf(await run.execution.ended)).toBe("WaitReplaced");
    expect(run.execution.visited.at(-1)).toBe("SignOnFailed");
    await signOn(run.holding);
    expect(await second.reported).toMatchObject({ flowId, status: "COMPLETED" });
    expect(reportsTo(token).map(({ operation, input }) => [operation, input["error"]])).toEqual([
      ["SendTaskFailure", "WaitReplaced"],
    ]);
    expect(run.told).toEqual([]);
  });

  it("is none where the same task comes again", async () => {
    const run = bench.start();
    const { token } = await run.execution.waiting();
    const { flowId } = run.holding.client;
    for (const _ of [1, 2]) outputOf(await product.invoke("status", { flowId, taskToken: token }));
    expect(reportsTo(token)).toEqual([]);
    await signOn(run.holding);
    expectSignedOn(run, await run.execution.ended);
    expect(reportsTo(token).map(({ operation }) => operation)).toEqual(["SendTaskSuccess"]);
  });

  it("is not told to who has been told of the end", async () => {
    const run = bench.start();
    const { token } = await run.execution.waiting();
    const { flowId } = run.holding.client;
    await signOn(run.holding);
    expectSignedOn(run, await run.execution.ended);
    const second = product.callbacks.open();
    outputOf(await product.invoke("status", { flowId, taskToken: second.token }));
    expect(await second.reported).toMatchObject({ flowId, status: "COMPLETED" });
    expect(reportsTo(token)).toHaveLength(1);
  });

  it("takes its place although nobody can be told", async () => {
    const run = bench.start();
    await run.execution.waiting();
    const { flowId } = run.holding.client;
    product.callbacks.plan({ kind: "refused", name: "AccessDeniedException" });
    const second = product.callbacks.open();
    outputOf(await product.invoke("status", { flowId, taskToken: second.token }));
    product.clock.advance(60_000);
    await signOn(run.holding);
    expect(await second.reported).toMatchObject({ flowId, status: "COMPLETED" });
    // The first waits until its own time-out, and then reads.
    product.clock.advance(840_000);
    expectSignedOn(run, await run.execution.ended);
  });
});

describe("a client that gave another pair's public key away", () => {
  it("can't open what was sealed for it: the workflow is told at once, by that name", async () => {
    const { flowTokenPublicKey } = product.client().given;
    const run = bench.start({ input: { flowTokenPublicKey } });
    const { token } = await run.execution.waiting();
    expect((await signOn(run.holding)).body).toMatchObject({ error: "restart-required" });
    expect(errorOf(await run.execution.ended)).toBe("RestartRequired");
    const reports = product.callbacks.calls.filter(({ input }) => input["taskToken"] === token);
    expect(reports).toHaveLength(1);
    expect(run.told).toEqual([]);
  });
});

describe("a wait", () => {
  it("goes on, by a new token, where a step has put the deadline off", async () => {
    const run = bench.start({ input: { policy: "Identifier_First" } });
    const first = await run.execution.waiting();
    product.clock.advance(600_000);
    await run.holding.client.step("lookup", { username });
    product.clock.advance(300_000);
    const second = await run.execution.waiting();
    expect(second.token).not.toBe(first.token);
    await expect(bench.report(first.token, {})).rejects.toMatchObject({ name: "TaskTimedOut" });
    await signOn(run.holding);
    expectSignedOn(run, await run.execution.ended);
    expect(run.execution.visited.filter((state) => state === "AwaitSignOn")).toHaveLength(2);
  });

  it("is no longer than the flow has left, however long handing over took", async () => {
    const run = bench.start({ meanwhile: async () => product.clock.advance(600_000) });
    await run.execution.waiting();
    product.clock.advance(300_000);
    expect(errorOf(await run.execution.ended)).toBe("FlowExpired");
  });

  it.each([
    ["the platform lost its function", lostAfterwards],
    ["its function never ran", lostBefore],
  ])("begins anew where %s", async (_, platform) => {
    const run = bench.start({ platform: atState("AwaitSignOn", platform) });
    expectSignedOn(run, await bench.whenAwaited(run));
    expect(run.execution.visited).toContain("Let the lease end");
  });

  it.each([
    ["at once", twiceAtOnce],
    ["one after the other", twiceInTurn],
  ])("can be registered twice, %s", async (_, platform) => {
    const run = bench.start({ platform: atState("AwaitSignOn", platform) });
    expectSignedOn(run, await bench.whenAwaited(run));
  });

  it.each([
    ["the platform loses Verify", lostAfterwards],
    ["Verify runs twice", twiceAtOnce],
  ])("ends well though %s", async (_, platform) => {
    const run = bench.start({ platform: atState("Verify", asItShould, platform) });
    expectSignedOn(run, await bench.whenAwaited(run));
  });

  it("ends by Lambda's name where Start was lost: nothing was spent", async () => {
    const run = bench.start({ platform: atState("Start", lostAfterwards) });
    expect(errorOf(await run.execution.ended)).toBe("Lambda.Unknown");
  });
});

it("the history of all these runs holds no secret", () => {
  const canaries = historyCanaries(product);
  expect(canaries.size).toBeGreaterThan(20);
  expect(canaries.in(product.history())).toEqual([]);
});
