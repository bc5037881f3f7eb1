import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import { atState, fails } from "../support/platforms.ts";
import { errorOf, expectSignedOn, SigningOn, type SignOnOptions, signOn } from "../support/signing-on.ts";
import { endingErrors, retryableErrors } from "../support/workflow-errors.ts";
import type { WorkflowProduct } from "../support/workflow-product.ts";

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

const awaits = "AwaitSignOn";

/** Who has signed on already is not waited for. */
function clientBefore(state: string): Pick<SignOnOptions, "meanwhile"> {
  return state === awaits ? {} : { meanwhile: signOn };
}

class CustomersError extends Error {
  override readonly name = "CustomersError";
}

describe("the sign-on workflow", () => {
  it("waits for a client that holds the flow, who resumes it and redeems the code", async () => {
    const run = bench.start();
    const { client } = run.holding;
    await run.execution.waiting();
    const reply = await signOn(run.holding);
    expect(reply.body.status).toBe("COMPLETED");
    expectSignedOn(run, await run.execution.ended);
    expect(run.execution.visited.slice(-11)).toEqual([
      ...["Start", "HandOver", "Verify", "Verified?", "Reported?", "StillWaiting"],
      ...["AwaitSignOn", "Verify", "Verified?", "AfterSignOn", "SignedOn"],
    ]);
    const resumed = await client.step("resume");
    const claims = await product.redeem(resumed, client.pkce.verifier);
    expect(claims).toMatchObject({ sub: userId, aud: expect.any(String) });
    const canaries = historyCanaries(product);
    canaries.add("code", resumed.body.code ?? "");
    for (const token of [run.holding.drawn, client.token]) canaries.add("client's token", token);
    expect(canaries.in(run.execution.history)).toEqual([]);
  });

  it("has no sealed token for anybody: nothing in its history or the table opens the flow", async () => {
    const before = product.kms.calls.length;
    const run = bench.start();
    expectSignedOn(run, await bench.whenAwaited(run));
    const purposes = product.kms.calls
      .slice(before)
      .map(({ input }) => JSON.stringify(input["EncryptionContext"]));
    expect(purposes.length).toBeGreaterThan(0);
    expect(purposes.filter((context) => !context.includes('"task-token"'))).toEqual([]);
  });

  it("passes on what its input may leave out", async () => {
    const run = bench.start({
      input: { application: "mobile", policy: "Passwordless", nonce: "n-0S6_WzA2Mj" },
    });
    await run.execution.waiting();
    const { username: john } = people.emailOtp;
    const { client } = run.holding;
    await client.step("lookup", { username: john });
    await client.step("otp", { otp: product.simulator.inbox.latest(john)?.code ?? "" });
    expect(await run.execution.ended).toMatchObject({ state: "SignedOn" });
    expect(run.told).toMatchObject([{ userId: people.emailOtp.id }]);
    const claims = await product.redeem(await client.step("resume"), client.pkce.verifier);
    expect(claims["nonce"]).toBe("n-0S6_WzA2Mj");
  });

  it("goes on at once where the client was faster", async () => {
    const run = bench.start({ meanwhile: signOn });
    expectSignedOn(run, await run.execution.ended);
  });

  it("goes on where the client has resumed already", async () => {
    const run = bench.start({
      meanwhile: async (holding) => {
        await signOn(holding);
        await holding.client.step("resume");
      },
    });
    expectSignedOn(run, await run.execution.ended);
  });

  it.each([
    ["an application that isn't there", { application: "none" }],
    ["a policy that isn't there", { policy: "None" }],
    ["a challenge that is none", { codeChallenge: "short" }],
    ["half a holder", { flowTokenPublicKey: "A".repeat(43) }],
  ])("fails by name over %s, and PingOne isn't asked", async (_, input) => {
    const before = product.simulator.calls.length;
    expect(errorOf(await bench.start({ input }).execution.ended)).toBe("RequestInvalid");
    expect(product.simulator.calls).toHaveLength(before);
  });

  it("fails by name over an input that lacks something", async () => {
    const execution = product.run(bench.workflow, { codeChallenge: "A".repeat(43) });
    expect(errorOf(await execution.ended)).toBe("RequestInvalid");
  });
});

describe("the sign-on workflow ends by name where", () => {
  it("the client's flow fails", async () => {
    const run = bench.start();
    await run.execution.waiting();
    product.simulator.faults.script({ on: check, kind: "failed", code: "MFA_DISABLED" });
    await signOn(run.holding);
    expect(errorOf(await run.execution.ended)).toBe("FlowFailed");
    expect(run.execution.tries.map(({ output }) => output)).toContainEqual({
      flowId: run.holding.client.flowId,
      status: "FAILED",
    });
  });

  it("PingOne doesn't say who has signed on", async () => {
    const run = bench.start();
    await run.execution.waiting();
    const body = { id: crypto.randomUUID(), status: "COMPLETED", _links: {} };
    product.simulator.faults.script({ on: check, kind: "reply", status: 200, body });
    expect((await signOn(run.holding)).body.status).toBe("COMPLETED");
    expect(await run.execution.ended).toMatchObject({ state: "UserUnknown", error: "UserUnknown" });
    expect(run.told).toEqual([]);
  });

  it("PingOne speaks another protocol", async () => {
    const run = bench.start();
    await run.execution.waiting();
    product.simulator.faults.script({ on: check, kind: "davinci" });
    await signOn(run.holding);
    expect(errorOf(await run.execution.ended)).toBe("UnsupportedStep");
  });

  it("the client cancels", async () => {
    const run = bench.start();
    await run.execution.waiting();
    await run.holding.client.cancel();
    expect(errorOf(await run.execution.ended)).toBe("FlowNotFound");
  });

  it("the flow had failed before anybody waited", async () => {
    product.simulator.faults.script({ on: check, kind: "failed", code: "MFA_DISABLED" });
    expect(errorOf(await bench.start({ meanwhile: signOn }).execution.ended)).toBe("FlowFailed");
  });

  it("nobody signs on: it waits no longer than the flow lives", async () => {
    const run = bench.start();
    const before = product.clock.now();
    const isWaiting = () =>
      run.execution.waiting().then(
        () => true,
        () => false,
      );
    while (await isWaiting()) product.clock.advance(899_000);
    expect(errorOf(await run.execution.ended)).toBe("FlowExpired");
    expect(product.clock.now() - before).toBeLessThan(3 * 900_000);
  });

  it.each(["HandOver", "AfterSignOn"])("the customer's %s fails", async (state) => {
    const customers = { [state]: async () => Promise.reject(new CustomersError("They said no.")) };
    const run = bench.start({ customers, meanwhile: signOn });
    expect(errorOf(await run.execution.ended)).toBe("CustomersError");
  });

  it.each(
    endingErrors.flatMap((name) => ["Start", "AwaitSignOn", "Verify"].map((state) => [state, name] as const)),
  )("%s says %s, at the first try", async (state, name) => {
    const run = bench.start({ platform: atState(state, fails(name)), ...clientBefore(state) });
    expect(errorOf(await run.execution.ended)).toBe(name);
    expect(run.execution.tries.filter((one) => one.state === state)).toHaveLength(1);
  });

  it.each(["Start", "AwaitSignOn", "Verify"])("%s is refused for too long, and not before", async (state) => {
    for (const name of retryableErrors) {
      const { Retry = [] } = bench.workflow.states.get(state) ?? {};
      const { MaxAttempts = 0 } = Retry.find(({ ErrorEquals }) => ErrorEquals.includes(name)) ?? {};
      expect(MaxAttempts).toBeGreaterThan(0);
      const some = Array.from({ length: MaxAttempts }, () => fails(name));
      const saved = bench.start({ platform: atState(state, ...some), ...clientBefore(state) });
      expectSignedOn(saved, await (state === awaits ? bench.whenAwaited(saved) : saved.execution.ended));
      const given = bench.start({ platform: atState(state, ...some, fails(name)), ...clientBefore(state) });
      expect(errorOf(await given.execution.ended)).toBe(name);
    }
  });
});

describe("the history of all these runs", () => {
  it("holds no cookie, flow token, password, code or PingOne flow id", () => {
    const canaries = historyCanaries(product);
    canaries.add("password", password);
    canaries.add("user name", username);
    expect(canaries.size).toBeGreaterThan(50);
    const history = product.history();
    expect(history.length).toBeGreaterThan(500);
    expect(canaries.in(history)).toEqual([]);
  });

  it("would be found out if it did", () => {
    const [call] = product.simulator.calls.filter(({ flowId }) => flowId !== undefined);
    const planted = [...product.history(), { cause: Buffer.from(`x${call?.flowId}`).toString("base64") }];
    expect(historyCanaries(product).in(planted)).toEqual([`PingOne's flow id ${call?.flowId}`]);
  });
});
