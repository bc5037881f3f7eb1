import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { credentialMembers, steps, workflowSteps } from "../../lib/flow/steps.ts";
import { ownUserAgent } from "../../lib/pingone/settings.ts";
import { people } from "../simulator/people.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import { HeldFlow, heldBefore, outputOf, secretPrefixOf, wordFor } from "../support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";

const { username, password } = people.passwordOnly;

let product: WorkflowProduct;
let prefix: string;
let right: string;
beforeAll(async () => {
  product = await createWorkflowProduct();
  prefix = secretPrefixOf(product);
  right = `${prefix}right`;
  product.secrets.put(right, JSON.stringify({ username, password }));
});
afterAll(() => product?.close());
afterEach(() => product.calm());

const flow = () => new HeldFlow(product);

describe("a workflow that holds the flow", () => {
  it("signs a person on by reference, and learns nothing but where the flow stands", async () => {
    const held = await flow().start({ policy: "Single_Factor" });
    expect(held.output).toEqual({
      flowId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "USERNAME_PASSWORD_REQUIRED",
      next: ["password", "reset"],
      expiresAt: expect.any(String),
      expiresIn: expect.any(Number),
      sealedFlowToken: expect.any(String),
    });
    const first = held.key.sealedFlowToken;
    expect(wordFor(await held.step("password", { credentialSecret: right }))).toBe("COMPLETED");
    expect(held.output.next).toEqual(["resume"]);
    expect(held.key.sealedFlowToken).not.toBe(first);
    const resumed = await held.step("resume");
    expect(outputOf(resumed)).toEqual({ flowId: held.output.flowId, status: "RESUMED" });
    // Nobody's device asks: PingOne is told of us.
    const told = product.simulator.calls.map(({ headers }) => headers["user-agent"]);
    expect(told).toEqual([ownUserAgent, ownUserAgent, ownUserAgent]);
  });

  it("leads from step to step", async () => {
    const { username: dora, devices } = people.twoDevices;
    const held = await flow().start({ policy: "Passwordless" });
    expect(wordFor(await held.take("lookup", { username: dora }))).toBe("DEVICE_SELECTION_REQUIRED");
    expect(wordFor(await held.take("device", { deviceId: devices[1].id }))).toBe("OTP_REQUIRED");
    const { code: otp = "" } = product.simulator.inbox.latest(dora) ?? {};
    expect(wordFor(await held.take("otp", { otp }))).toBe("COMPLETED");
    expect(wordFor(await held.step("status"))).toBe("COMPLETED");
    expect(wordFor(await held.take("resume"))).toBe("RESUMED");
  });

  it.each(workflowSteps)("takes %s, and has nothing secret put out", async (step) => {
    const { held, right } = await heldBefore(product, step);
    const { status } = held.output;
    const invoked = await held.take(step, right);
    const { status: after } = outputOf(invoked);
    expect(after === status).toBe(steps[step].resends === true);
    const secret = credentialMembers(step).map((member) => String(right?.[member] ?? ""));
    expect(secret.filter((one) => one === "" || JSON.stringify(invoked).includes(one))).toEqual([]);
  });

  it("may name it in capitals: it is the same flow, opened and told by the id as we spell it", async () => {
    const { key } = await flow().start({ policy: "Single_Factor" });
    const flowId = key.flowId.toUpperCase();
    const signedOn = await product.invoke("password", { ...key, flowId, credentialSecret: right });
    const output = outputOf(signedOn);
    expect(output).toMatchObject({ flowId: key.flowId, status: "COMPLETED" });
    const { sealedFlowToken } = output;
    const looked = outputOf(await product.invoke("status", { flowId }));
    expect(looked).toMatchObject({ flowId: key.flowId, status: "COMPLETED" });
    expect(outputOf(await product.invoke("resume", { flowId, sealedFlowToken }))).toEqual({
      ...{ flowId: key.flowId, status: "RESUMED" },
    });
  });

  it("ends a flow", async () => {
    const { key } = await flow().start();
    const cancelled = await product.invoke("cancel", key);
    expect(outputOf(cancelled)).toEqual({ flowId: key.flowId, status: "CANCELLED" });
    expect(wordFor(await product.invoke("status", key))).toBe("FlowNotFound");
  });
});

it("the history of all these calls holds no secret", () => {
  const canaries = historyCanaries(product);
  expect(canaries.size).toBeGreaterThan(20);
  expect(canaries.in(product.history())).toEqual([]);
});
