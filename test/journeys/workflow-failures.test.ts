import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { actionOf, workflowSteps } from "../../lib/flow/steps.ts";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import {
  HeldFlow,
  heldBefore,
  nobodysChallenge,
  outputOf,
  payloadFor,
  secretPrefixOf,
  wordFor,
} from "../support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";

const check = "usernamePassword.check";
const { password } = people.passwordOnly;

let product: WorkflowProduct;
let prefix: string;
beforeAll(async () => {
  product = await createWorkflowProduct({ switches: { cookiesAt: "authorize" } });
  prefix = secretPrefixOf(product);
  for (const [name, { username }] of Object.entries(people)) {
    product.secrets.put(`${prefix}${name}`, JSON.stringify({ username, password, otp: "000000" }));
  }
  const { username } = people.passwordOnly;
  product.secrets.put(`${prefix}wrong`, JSON.stringify({ username, password: "Not-The-One-7" }));
  // Duplicates race only where neither waits for its process.
  await product.pool("password").provision(2);
});
afterAll(() => product?.close());
afterEach(() => product.calm());

const secret = (name: string) => ({ credentialSecret: `${prefix}${name}` });
const right = () => secret("passwordOnly");
const flow = (policy = "Single_Factor") => new HeldFlow(product).start({ policy });
const asked = () => product.simulator.calls.length;
const callsSince = (before: number) => product.simulator.calls.slice(before).map(({ action }) => action);
const fault = (one: Fault) => product.simulator.faults.script(one);
const lost: Fault = { on: check, kind: "reset", applied: false };

describe("a workflow's call that fails", () => {
  const cases: [string, string, () => Promise<unknown>][] = [];
  const named = (name: string, how: string, run: () => Promise<unknown>) => cases.push([name, how, run]);
  const password_ = async (secretName = "passwordOnly", policy = "Single_Factor") =>
    wordFor(await (await flow(policy)).step("password", secret(secretName)));

  named("FlowFailed", "PingOne ends the flow", () => password_("passwordOnly", "Multi_Factor"));
  named("WrongStep", "a step that isn't offered", async () =>
    wordFor(await (await flow()).step("lookup", right())),
  );
  named("FlowExpired", "after the deadline", async () => {
    const held = await flow();
    product.clock.advance(16 * 60_000);
    return wordFor(await held.step("password", right()));
  });
  named("TokenSuperseded", "a token that has been used for something else", async () => {
    const held = await flow();
    const { key } = held;
    await held.step("password", right());
    return wordFor(await product.invoke("password", { ...key, ...secret("wrong") }));
  });
  named("RateLimited", "PingOne wants fewer requests", () => {
    fault({ on: check, kind: "status", status: 429, retryAfter: 1 });
    return password_();
  });
  named("UnsupportedStep", "PingOne speaks another protocol", () => {
    fault({ on: check, kind: "davinci" });
    return password_();
  });
  named("OutcomeUnknown", "no answer comes", () => {
    fault(lost);
    return password_();
  });
  named("RestartRequired", "PingOne has forgotten the flow", async () => {
    const held = await flow();
    fault(lost);
    fault({ on: "read", kind: "status", status: 404 });
    await held.step("password", right());
    return wordFor(await held.step("status"));
  });
  named("AttemptsExhausted", "too many attempts", async () => {
    const held = await flow();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      fault(lost);
      await held.step("password", right());
      await held.step("status");
    }
    const before = asked();
    const word = wordFor(await held.step("password", right()));
    expect(asked()).toBe(before);
    return word;
  });
  named("UpstreamUnavailable", "KMS is away", async () => {
    const held = await flow();
    product.kms.plan({ kind: "refused", name: "KMSInternalException", status: 500 }, 2);
    return wordFor(await held.step("password", right()));
  });
  named("UpstreamUnavailable", "Secrets Manager is away", async () => {
    const held = await flow();
    product.secrets.plan({ kind: "unreached" }, 2);
    return wordFor(await held.step("password", right()));
  });
  named("OutcomeUnknown", "KMS is away once all is done", async () => {
    const held = await flow();
    product.kms.plan({ kind: "delayed", until: Promise.resolve() });
    product.kms.plan({ kind: "refused", name: "KMSInternalException", status: 500 }, 2);
    return wordFor(await held.step("password", right()));
  });
  named("UpstreamUnavailable", "KMS is away once a flow is started", async () => {
    product.kms.plan({ kind: "refused", name: "KMSInternalException", status: 500 }, 2);
    return wordFor(await product.invoke("start", { codeChallenge: nobodysChallenge }));
  });
  named("RestartRequired", "KMS is away once PingOne may have sent a code", async () => {
    const hinted = { policy: "Single_Factor", loginHint: "nobody@example.com" };
    // The key that names are counted under is there from now on.
    await product.invoke("start", { codeChallenge: nobodysChallenge, ...hinted });
    product.kms.plan({ kind: "refused", name: "KMSInternalException", status: 500 }, 2);
    return wordFor(await product.invoke("start", { codeChallenge: nobodysChallenge, ...hinted }));
  });
  named("UpstreamUnavailable", "nobody takes the report of a flow that is over", async () => {
    const held = await flow();
    await held.step("password", right());
    product.callbacks.plan({ kind: "unreached" }, 2);
    return wordFor(await product.invoke("status", { flowId: held.output.flowId, taskToken: "nobody's" }));
  });
  named("Internal", "KMS doesn't let us", async () => {
    const held = await flow();
    product.kms.plan({ kind: "refused", name: "AccessDeniedException" });
    return wordFor(await held.step("password", right()));
  });

  it.each(cases)("is %s: %s", async (name, _, run) => {
    expect(await run()).toBe(name);
  });

  it("says a fixed sentence and the request id, and has no stack", async () => {
    const held = await flow();
    const invoked = await held.step("otp", right());
    expect(invoked).toEqual({
      kind: "failed",
      errorType: "WrongStep",
      message: expect.stringMatching(/^The flow does not offer this step\. Request id: [0-9a-f-]{36}\.$/),
      trace: expect.toSatisfy((trace: readonly string[]) => trace.join("") === ""),
    });
  });
});

describe("a doubt", () => {
  it.each([true, false])("is settled by status, PingOne having acted: %s", async (applied) => {
    const held = await flow();
    fault({ on: check, kind: "reset", applied });
    expect(wordFor(await held.step("password", right()))).toBe("OutcomeUnknown");
    const before = asked();
    const word = wordFor(await held.step("status"));
    expect([word, held.output.settled]).toEqual(
      applied ? ["COMPLETED", undefined] : ["USERNAME_PASSWORD_REQUIRED", "no-progress"],
    );
    expect(callsSince(before)).toEqual(["read"]);
    if (!applied) expect(wordFor(await held.step("password", right()))).toBe("COMPLETED");
    expect(wordFor(await held.step("resume"))).toBe("RESUMED");
  });

  it("is found out where the answer was committed and never came: the same again gives it", async () => {
    const held = await flow();
    const { key } = held;
    await product.invoke("password", { ...key, ...right() });
    expect(wordFor(await product.invoke("status", key))).toBe("TokenSuperseded");
    const before = asked();
    expect(wordFor(await held.step("password", right()))).toBe("COMPLETED");
    expect(callsSince(before)).toEqual([]);
    expect(wordFor(await held.step("resume"))).toBe("RESUMED");
  });
});

describe("the same call twice", () => {
  it("at once: PingOne is asked once", async () => {
    const held = await flow();
    const before = asked();
    const payload = { ...held.key, ...right() };
    const words = (await Promise.all([1, 2].map(() => product.invoke("password", payload)))).map(wordFor);
    expect(callsSince(before)).toEqual([check]);
    expect(words).toContain("COMPLETED");
    for (const word of words) expect(word).toMatch(/^(COMPLETED|StepInProgress|TokenSuperseded)$/);
  });

  it.each(workflowSteps)("one %s after the other: the second gives the first's answer", async (step) => {
    const { held, right: body } = await heldBefore(product, step);
    const members = payloadFor(product, step, body);
    const payload = { ...held.key, ...members };
    const before = asked();
    const word = outputOf(await product.invoke(step, payload)).status;
    expect(outputOf(await held.step(step, members)).status).toBe(word);
    expect(callsSince(before)).toEqual([actionOf(step) ?? "resume"]);
  });

  it("while the first is at work: in progress, and retried it gives the first's answer", async () => {
    const held = await flow();
    const payload = { ...held.key, ...right() };
    fault({ on: check, kind: "delay", ms: 600_000, applied: "before" });
    const before = asked();
    const both = [1, 2].map(() => product.invoke("password", payload));
    // The one that is refused has its answer while PingOne still thinks about the other.
    await Promise.race(both);
    product.simulator.faults.clear();
    const words = (await Promise.all(both)).map(wordFor);
    expect(words.sort()).toEqual(["COMPLETED", "StepInProgress"]);
    expect(wordFor(await product.invoke("password", payload))).toBe("COMPLETED");
    expect(callsSince(before)).toEqual([check]);
  });

  it("a start: two flows, and nothing of the first is spent", async () => {
    const before = asked();
    const payload = { codeChallenge: nobodysChallenge };
    const words = (await Promise.all([1, 2].map(() => product.invoke("start", payload)))).map(wordFor);
    expect(words).toEqual(["USERNAME_PASSWORD_REQUIRED", "USERNAME_PASSWORD_REQUIRED"]);
    expect(callsSince(before)).toEqual(["authorize", "authorize"]);
  });
});

it("the history of all these failures holds no secret", () => {
  const canaries = historyCanaries(product);
  expect(canaries.size).toBeGreaterThan(20);
  expect(canaries.in(product.history())).toEqual([]);
});
