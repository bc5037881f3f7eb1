import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type WorkflowRights, workflowRights } from "../../infra/permissions.ts";
import { isStep } from "../../lib/flow/steps.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import { people } from "../simulator/people.ts";
import { samples } from "../support/step-samples.ts";
import { HeldFlow, outputOf, payloadFor } from "../support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";

const { username, password } = people.passwordOnly;
const lost = { on: "usernamePassword.check", kind: "reset", applied: true } as const;

let product: WorkflowProduct;
/** What each function asked of AWS beside the table. */
const used = new Map<OperationName, Set<string>>(operationNames.map((name) => [name, new Set()]));

/** Does something that one function answers, and writes down what that function asked meanwhile. */
async function noted<Result>(name: OperationName, work: () => Promise<Result>): Promise<Result> {
  const { kms, secrets, callbacks } = product;
  const services = [kms, secrets, callbacks];
  const before = services.map(({ calls }) => calls.length);
  const result = await work();
  for (const [at, { calls }] of services.entries()) {
    for (const { operation, input } of calls.slice(before[at])) {
      if (operation !== "GenerateMac") used.get(name)?.add(`${operation} ${purposeIn(input)}`);
    }
  }
  return result;
}

function purposeIn({ EncryptionContext }: Readonly<Record<string, unknown>>): string {
  const found = /"purpose":"([a-z-]+)"/.exec(JSON.stringify(EncryptionContext ?? {}));
  return found?.[1] ?? "";
}

/** What a function takes beside the flow. */
function membersOf(name: OperationName): object {
  return isStep(name) ? payloadFor(product, name, samples[name].body) : {};
}

/**
 * A flow that a workflow holds, whose password was right and whose answer nobody got: whoever
 * comes next settles it.
 */
async function doubtfulFlow(): Promise<HeldFlow> {
  const held = await noted("start", () => new HeldFlow(product).start({ policy: "Single_Factor" }));
  product.simulator.faults.script(lost);
  await noted("password", () => held.take("password", { username, password }));
  return held;
}

/** The same for a flow that a client holds and a workflow waits for. */
async function awaitedFlow() {
  const { client, given } = product.client();
  const { flowId } = outputOf(await product.invoke("start", { ...given, policy: "Single_Factor" }));
  client.flowId = flowId;
  const { token: taskToken } = product.callbacks.open();
  await noted("status", () =>
    product.invoke("status", { flowId, taskToken: product.callbacks.open().token }),
  );
  await noted("status", () => product.invoke("status", { flowId, taskToken }));
  product.simulator.faults.script(lost);
  await client.step("password", { username, password });
  return client;
}

beforeAll(async () => {
  product = await createWorkflowProduct({ switches: { cookiesAt: "authorize" } });
  for (const name of operationNames.filter((one) => one !== "start" && one !== "refresh")) {
    const held = await doubtfulFlow();
    await noted(name, () => product.invoke(name, { ...held.key, ...membersOf(name) }));
    const client = await awaitedFlow();
    await noted(name, async () => {
      if (isStep(name)) await client.step(name, samples[name].body);
      else if (name === "status") await client.status();
      else await client.cancel();
    });
  }
});
afterAll(() => product?.close());

/** The rights as calls. */
function allowedTo(rights: WorkflowRights): string[] {
  return [
    ...rights.encrypts.map((purpose) => `Encrypt ${purpose}`),
    ...rights.decrypts.map((purpose) => `Decrypt ${purpose}`),
    ...(rights.reports ? ["SendTaskSuccess "] : []),
    ...(rights.replaces ? ["SendTaskFailure "] : []),
    ...(rights.readsCredentials ? ["GetSecretValue "] : []),
  ];
}

describe("what workflows make a function do beside the table", () => {
  it.each(operationNames)("%s may do it, and no more", (name) => {
    expect([...(used.get(name) ?? [])].toSorted()).toEqual(allowedTo(workflowRights(name)).toSorted());
  });
});
