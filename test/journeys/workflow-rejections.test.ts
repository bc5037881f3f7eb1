import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { steps, workflowSteps } from "../../lib/flow/steps.ts";
import { type Definition, readDefinition } from "../local/workflow/definition.ts";
import type { Execution } from "../local/workflow/execution.ts";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import { samples } from "../support/step-samples.ts";
import {
  HeldFlow,
  heldBefore,
  nobodysChallenge,
  outputOf,
  secretPrefixOf,
  wordFor,
} from "../support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";

const check = "usernamePassword.check";
const { username, password } = people.passwordOnly;

let product: WorkflowProduct;
let prefix: string;
beforeAll(async () => {
  product = await createWorkflowProduct({ switches: { cookiesAt: "authorize" } });
  prefix = secretPrefixOf(product);
  keep("right", { username, password });
  keep("wrong", { username, password: "Not-The-One-7" });
  keep("john", { username: people.emailOtp.username });
});
afterAll(() => product?.close());
afterEach(() => product.calm());

/** The steps that have something to get wrong. */
const rejecting = workflowSteps.filter((step) => samples[step].wrong !== undefined);
const keep = (name: string, value: object) => product.secrets.put(`${prefix}${name}`, JSON.stringify(value));
const secret = (name: string) => ({ credentialSecret: `${prefix}${name}` });
const flow = (policy = "Single_Factor") => new HeldFlow(product).start({ policy });
const asked = () => product.simulator.calls.length;

/** What every rejection puts out, beside what it tells of its own. */
const goesOn = {
  flowId: expect.any(String),
  expiresAt: expect.any(String),
  expiresIn: expect.any(Number),
  sealedFlowToken: expect.any(String),
};

describe("a step that is turned down while the flow goes on is put out, and not thrown:", () => {
  it("credentials-rejected, and the right password follows", async () => {
    const held = await flow();
    const first = held.key.sealedFlowToken;
    const rejected = outputOf(await held.step("password", secret("wrong")));
    expect(rejected).toEqual({
      ...{ ...goesOn, error: "credentials-rejected" },
      ...{ status: "USERNAME_PASSWORD_REQUIRED", next: ["password", "reset"] },
    });
    expect(rejected.sealedFlowToken).not.toBe(first);
    expect(wordFor(await held.step("password", secret("right")))).toBe("COMPLETED");
    expect(wordFor(await held.step("resume"))).toBe("RESUMED");
  });

  it("otp-rejected, with what is left, and the right code follows, as it was pasted into its secret", async () => {
    const held = await flow("Passwordless");
    await held.step("lookup", secret("john"));
    const code = product.simulator.inbox.latest(people.emailOtp.username)?.code ?? "";
    keep("mistyped", { otp: code === "000000" ? "111111" : "000000" });
    keep("typed", { otp: `${code.slice(0, 3)}\u00a0${code.slice(3)}` });
    expect(outputOf(await held.step("otp", secret("mistyped")))).toMatchObject({
      ...{ ...goesOn, error: "otp-rejected", attemptsRemaining: expect.any(Number) },
      ...{ status: "OTP_REQUIRED", next: ["otp", "device"] },
    });
    expect(wordFor(await held.step("otp", secret("typed")))).toBe("COMPLETED");
  });

  it.each(rejecting)("the rejection of a wrong %s, and the right one follows", async (step) => {
    const { held, right } = await heldBefore(product, step);
    const { status } = held.output;
    const rejected = outputOf(await held.take(step, samples[step].wrong?.(right, 0)));
    const { error } = steps[step].rejection({});
    expect(rejected).toMatchObject({ ...goesOn, error, status, next: expect.arrayContaining([step]) });
    expect(outputOf(await held.take(step, right)).status).not.toBe(status);
  });

  it.each([
    ["lockedTimed", expect.any(Number)],
    ["lockedForever", undefined],
  ] as const)("locked-out, with the seconds to wait where PingOne tells: %s", async (name, retryAfter) => {
    // A lock begins with its account, and time passes from test to test.
    keep(name, { username: product.simulator.enrol(people[name]).username, password });
    const held = await flow();
    const output = outputOf(await held.step("password", secret(name)));
    expect(output).toMatchObject({ ...goesOn, error: "locked-out", next: ["password", "reset"] });
    expect(output.retryAfter).toEqual(retryAfter);
  });

  it("the same call again puts out the same, without asking PingOne", async () => {
    const held = await flow();
    const payload = { ...held.key, ...secret("wrong") };
    const first = outputOf(await product.invoke("password", payload));
    const before = asked();
    const { sealedFlowToken: again, ...second } = outputOf(await product.invoke("password", payload));
    expect(second).toEqual({ ...first, sealedFlowToken: undefined });
    expect(asked()).toBe(before);
    const key = { flowId: first.flowId, sealedFlowToken: again };
    expect(wordFor(await product.invoke("password", { ...key, ...secret("right") }))).toBe("COMPLETED");
  });

  it("offers no step that the limits exclude", async () => {
    const held = await flow();
    const offered: unknown[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      await held.step("password", secret("wrong"));
      offered.push(held.output.next);
    }
    expect(offered).toEqual([...Array(4).fill(["password", "reset"]), []]);
    expect(wordFor(await held.step("password", secret("right")))).toBe("AttemptsExhausted");
  });
});

describe("what is thrown all the same", () => {
  it.each([
    ["FlowFailed", { on: check, kind: "failed", code: "MFA_DISABLED" }],
    ["UnsupportedStep", { on: check, kind: "davinci" }],
  ] as const)("is a problem that ended the flow: %s", async (name, fault) => {
    const held = await flow();
    product.simulator.faults.script(fault);
    expect(await held.step("password", secret("right"))).toMatchObject({ kind: "failed", errorType: name });
  });

  it("is a problem of a start, which leaves no flow: CredentialsRejected", async () => {
    const hinted = { policy: "Passwordless", loginHint: "nobody@example.com" };
    const started = await product.invoke("start", { codeChallenge: nobodysChallenge, ...hinted });
    expect(started).toMatchObject({ kind: "failed", errorType: "CredentialsRejected" });
  });
});

describe("a state machine that mistypes once and then signs on", () => {
  it("goes on from what the rejection put out, and nothing is thrown on the way", async () => {
    const before = asked();
    const execution = product.run(mistypingOnce(product.definition("SignOnMonitor")), {
      secrets: { first: `${prefix}wrong`, next: `${prefix}right` },
    });
    expect(await execution.ended).toMatchObject({ status: "SUCCEEDED", state: "SignedOn" });
    expect(execution.visited).toEqual([
      ...[
        "Start",
        "Take first",
        "Password",
        "Rejected?",
        "Correct it",
        "Password",
        "Rejected?",
        "Take result",
      ],
      ...["Resume", "SignedOn"],
    ]);
    expect(thrownIn(execution)).toEqual([]);
    const actions = product.simulator.calls.slice(before).map(({ action }) => action);
    expect(actions).toEqual(["authorize", check, check, "resume"]);
  });

  it("stops where the next one is wrong as well", async () => {
    const execution = product.run(mistypingOnce(product.definition("SignOnMonitor")), {
      secrets: { first: `${prefix}wrong`, next: `${prefix}wrong` },
    });
    expect(await execution.ended).toMatchObject({ status: "FAILED", error: "StillRejected" });
    expect(thrownIn(execution)).toEqual([]);
  });
});

it("the history of all these rejections holds no secret", () => {
  const canaries = historyCanaries(product);
  expect(canaries.size).toBeGreaterThan(20);
  expect(canaries.in(product.history())).toEqual([]);
});

function thrownIn({ tries }: Execution) {
  return tries.flatMap(({ error }) => error ?? []);
}

const Called = z.looseObject({ Parameters: z.looseObject({ FunctionName: z.string() }) });

/** A definition as a customer writes it, by the functions of another. */
function mistypingOnce(other: Definition): Definition {
  const held = { "flowId.$": "$.flow.flowId", "sealedFlowToken.$": "$.flow.sealedFlowToken" };
  const task = (of: string, payload: object, next: string) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: {
      FunctionName: Called.parse(other.states.get(of)).Parameters.FunctionName,
      Payload: payload,
    },
    ResultSelector: { "flow.$": "$.Payload" },
    ResultPath: "$.task",
    Next: next,
  });
  return readDefinition(
    JSON.stringify({
      StartAt: "Start",
      States: {
        Start: { ...task("Start", { codeChallenge: nobodysChallenge }, "Take first") },
        "Take first": {
          Type: "Pass",
          Parameters: { "flow.$": "$.task.flow", "secrets.$": "$.secrets", "secret.$": "$.secrets.first" },
          Next: "Password",
        },
        Password: task("Password", { ...held, "credentialSecret.$": "$.secret" }, "Rejected?"),
        "Rejected?": {
          Type: "Choice",
          Choices: [
            {
              And: [
                { Variable: "$.task.flow.error", IsPresent: true },
                { Variable: "$.task.flow.error", StringEquals: "credentials-rejected" },
                { Variable: "$.secrets.next", IsPresent: true },
              ],
              Next: "Correct it",
            },
            { Variable: "$.task.flow.error", IsPresent: true, Next: "StillRejected" },
          ],
          Default: "Take result",
        },
        "Correct it": {
          Type: "Pass",
          Parameters: { "flow.$": "$.task.flow", "secret.$": "$.secrets.next", secrets: {} },
          Next: "Password",
        },
        "Take result": { Type: "Pass", Parameters: { "flow.$": "$.task.flow" }, Next: "Resume" },
        Resume: task("Resume", held, "SignedOn"),
        SignedOn: { Type: "Succeed" },
        StillRejected: { Type: "Fail", Error: "StillRejected" },
      },
    }),
  );
}
