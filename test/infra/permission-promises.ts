import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../infra/api/routes.ts";
import { hashingFunctions, tableActions } from "../../infra/permissions.ts";
import { clientSteps, isStep } from "../../lib/flow/steps.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import { people } from "../simulator/people.ts";
import { engineKinds } from "../support/engines.ts";
import { callApi, createPkce } from "../support/flow-client.ts";
import { type LossyProxy, startLossyProxy } from "../support/lossy-proxy.ts";
import { createProduct, type Product } from "../support/product.ts";
import { samples } from "../support/step-samples.ts";
import { rightAnswer, sceneBefore, type Walker, walkerBy, walkTo } from "../support/step-scenes.ts";
import { deployed, functionOfRole, statementsOf, synthesize } from "./synthesis.ts";

let product: Product;
let proxy: LossyProxy;
/** What each function asked of DynamoDB, as IAM spells it. */
const used = new Map<string, Set<string>>(operationNames.map((name) => [name, new Set()]));

/**
 * What an operation needs, as IAM spells it: a transaction has no action of its own, and ours only update.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
function actionOf(operation: string): string {
  return `dynamodb:${operation === "TransactWriteItems" ? "UpdateItem" : operation}`;
}

/** Sends a request and writes what it made its function do under that function's name. */
async function noted<Reply>(request: Promise<Reply>): Promise<Reply> {
  const reply = await request;
  const actions = used.get(product.log.at(-1)?.step ?? "none");
  for (const operation of proxy.operations()) actions?.add(actionOf(operation));
  return reply;
}

/** Each step where it is offered, wrongly where that can be and then rightly. */
async function takeEveryStep(): Promise<void> {
  for (const step of clientSteps) {
    const client = product.client();
    const walker = walkerBy(client, product.simulator);
    const scene = sceneBefore(step, product.simulator);
    const noting: Walker = {
      ...walker,
      start: (...begun) => noted(walker.start(...begun)),
      step: (...request) => noted(walker.step(...request)),
    };
    await walkTo(scene, noting, product.simulator);
    await noted(client.status());
    const right = rightAnswer(step, scene.who, walker);
    const wrong = samples[step].wrong?.(right, 0);
    if (wrong !== undefined) await noted(client.step(step, wrong));
    expect((await noted(client.step(step, right))).http).toBe(200);
  }
}

async function lookUpAndCancel(): Promise<void> {
  const client = product.client();
  await noted(client.start({ policy: "Passwordless" }));
  await noted(client.step("lookup", { username: people.emailOtp.username }));
  await noted(client.cancel());
}

/** Whoever is named is counted: here by the one function that otherwise only puts. */
async function startWithHint(): Promise<void> {
  await noted(product.client().start({ policy: "Passwordless", loginHint: people.emailOtp.username }));
}

/** A start under a key, and its repetition: the row that refuses it comes with the refusal. */
async function startTwice(): Promise<void> {
  const body = { codeChallenge: createPkce().challenge };
  const headers = { "idempotency-key": '"a key that was drawn for this"' };
  for (const _ of Array(2)) await noted(callApi(product.api, "POST", "/flows", { body, headers }));
}

/** A refresh has no row: it counts, and that is all. */
async function refreshTokens(): Promise<void> {
  const body = { application: "office", refreshToken: "nobody-s" };
  await noted(callApi(product.api, "POST", "/tokens", { body }));
}

/** A step whose second write is lost, a limit of PingOne's, and a doubt: the other ways a claim ends. */
async function endClaimsOtherwise(): Promise<void> {
  const { username, password } = people.passwordOnly;
  for (const fault of [{ kind: "status", status: 429, retryAfter: 1 }, { kind: "unreadable" }] as const) {
    const client = product.client();
    await noted(client.start());
    product.simulator.faults.script({ on: "usernamePassword.check", ...fault });
    await noted(client.step("password", { username, password }));
    await noted(client.status());
    product.clock.advance(1_000);
  }
}

/** There is no row to bring along, so the functions look. */
async function askForUnknownFlows(): Promise<void> {
  const token = "A".repeat(43);
  for (const { method, path, function: name } of routes.filter(({ path }) => path.includes("{flowId}"))) {
    const body = isStep(name) ? samples[name].body : undefined;
    const request = { token, ...(body === undefined ? {} : { body }) };
    await noted(callApi(product.api, method, path.replace("{flowId}", randomUUID()), request));
  }
}

async function loseReplies(): Promise<void> {
  proxy.loseNextReply();
  const client = product.client();
  await noted(client.start());
  const { username, password } = people.passwordOnly;
  proxy.loseNextReply();
  await noted(client.step("password", { username, password }));
  proxy.loseNextReply();
  await noted(client.cancel());
}

function tableStatements(environment: (typeof deployed)[number], step: OperationName) {
  return statementsOf(synthesize(environment)).filter(
    ({ owner, ownerType, Action }) =>
      ownerType === "AWS::IAM::Policy" &&
      functionOfRole(owner) === step &&
      Action.some((action) => action.startsWith("dynamodb:")),
  );
}

/** What the roles promise: exactly what the code does. */
export function permissionPromises(): void {
  beforeAll(async () => {
    const [kind] = engineKinds;
    const engine = await kind?.start();
    if (engine === undefined) throw new Error("There is no engine for this machine.");
    proxy = await startLossyProxy(engine.endpoint);
    product = await createProduct(
      {},
      { startEngine: () => Promise.resolve({ ...engine, endpoint: proxy.endpoint }) },
    );
    proxy.operations();
    await takeEveryStep();
    await lookUpAndCancel();
    await startWithHint();
    await startTwice();
    await refreshTokens();
    await endClaimsOtherwise();
    await askForUnknownFlows();
    await loseReplies();
  });
  afterAll(async () => {
    await product.close();
    await proxy.stop();
  });

  describe("the role of each function", () => {
    it.each(deployed.flatMap((name) => operationNames.map((step) => [name, step] as const)))(
      "in %s lets %s do what its code does to the table, and no more",
      (environment, step) => {
        const granted = tableStatements(environment, step).flatMap(({ Action }) => Action);
        expect(new Set(granted)).toEqual(used.get(step));
      },
    );

    it.each(deployed.flatMap((name) => operationNames.map((step) => [name, step] as const)))(
      "in %s lets %s touch the rows of flows, and those of limits only if it counts",
      (environment, step) => {
        const rows = tableStatements(environment, step).map(({ Action, Condition }) => ({
          Action,
          Condition,
        }));
        const keys = (pattern: string) => ({
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [pattern] },
        });
        const counts = hashingFunctions.some((one) => one === step);
        expect(rows).toEqual([
          ...(tableActions(step).length > 0
            ? [{ Action: [...tableActions(step)], Condition: keys("flow#*") }]
            : []),
          ...(counts ? [{ Action: ["dynamodb:UpdateItem"], Condition: keys("limit#*") }] : []),
        ]);
      },
    );

    it("is derived from requests that reached every function", () => {
      expect([...used].filter(([, actions]) => actions.size === 0)).toEqual([]);
      expect(new Set(product.log.map(({ step }) => step))).toEqual(new Set(operationNames));
    });
  });
}
