import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Invoked } from "../local/deployed/function-pool.ts";
import { PASSWORD_LOCKOUT_MS } from "../simulator/accounts.ts";
import { people } from "../simulator/people.ts";
import type { ApiReply } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { HeldFlow, nobodysChallenge, outputOf, payloadFor, wordFor } from "../support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "../support/workflow-product.ts";
import {
  messageJourneys,
  messageLimits,
  mostMessages,
  type SendingFlow,
  ShownDevices,
  tooMany,
} from "./sent-messages.ts";

/** Longer than any limit or lock lasts. */
const calmMs = PASSWORD_LOCKOUT_MS + 60_000;

describe.each(["hints", "minimal"])("messages, over HTTP, with %s,", (DISCLOSURE) => {
  let product: Product;
  beforeAll(async () => {
    product = await createProduct({ ...messageLimits, DISCLOSURE });
  });
  afterAll(() => product?.close());

  messageJourneys(() => ({
    simulator: product.simulator,
    begin: () => flowOver(product),
    calm: () => product.clock.advance(calmMs),
    refusal: tooMany,
  }));

  it("are counted alike, whether or not anybody has the name", async () => {
    product.clock.advance(calmMs);
    for (const loginHint of [people.emailOtp.username, "nobody@example.com"]) {
      const limited: boolean[] = [];
      for (const _ of Array(mostMessages + 1)) {
        const { http } = await product.client().start({ policy: "Passwordless", loginHint });
        limited.push(http === 429);
      }
      expect(limited).toEqual([...Array(mostMessages).fill(false), true]);
    }
  });

  it("may be sent again after the time in Retry-After, by the same request", async () => {
    product.clock.advance(calmMs);
    const { username } = people.emailOtp;
    const flow = flowOver(product);
    await flow.start({ policy: "Passwordless", loginHint: username });
    const resend = { deviceId: String(flow.shown().selectedDevice) };
    for (const _ of Array(mostMessages - 1)) await flow.step("device", resend);
    expect(await flow.step("device", resend)).toEqual(tooMany);
    product.clock.advance(tooMany.retryAfter * 1_000 - 1);
    expect(await flow.step("device", resend)).toMatchObject({ error: "rate-limited", retryAfter: 1 });
    const sent = product.simulator.inbox.latest(username)?.code;
    product.clock.advance(1);
    expect((await flow.step("device", resend)).error).toBeUndefined();
    expect(product.simulator.inbox.latest(username)?.code).not.toBe(sent);
  });
});

describe("messages, from workflows,", () => {
  let product: WorkflowProduct;
  beforeAll(async () => {
    // Whom a workflow names is counted for messages alone: IAM has let it through.
    const noNames = { NAME_LIMIT: "1", NETWORK_LIMIT: "1" };
    product = await createWorkflowProduct({ variables: { ...messageLimits, ...noNames } });
  });
  afterAll(() => product?.close());

  messageJourneys(() => ({
    simulator: product.simulator,
    begin: () => flowHeldBy(product),
    calm: () => product.calm(calmMs),
    refusal: limitedError,
  }));
});

function flowOver(product: Product): SendingFlow {
  const client = product.client();
  let shown: ReturnType<SendingFlow["shown"]> = {};
  const outcomeOf = ({ body, headers }: ApiReply) => {
    shown = ShownDevices.parse({ ...body, ...body.flow });
    const wait = headers.get("retry-after");
    return { error: body.error, retryAfter: wait === null ? undefined : Number(wait) };
  };
  return {
    start: async (body) => outcomeOf(await client.start(body)),
    step: async (...request) => outcomeOf(await client.step(...request)),
    shown: () => shown,
    standing: async () => {
      const { attempts, credentialTries = 0, next } = { ...(await product.rowOf(client.flowId)) };
      return { token: client.token, attempts, credentialTries, next };
    },
  };
}

/** What an error says is fixed: the wait is none of it. */
const limitedError = { error: "RateLimited" };

function flowHeldBy(product: WorkflowProduct): SendingFlow {
  const held = new HeldFlow(product);
  const outcomeOf = (invoked: Invoked) => ({
    error: invoked.kind === "answered" ? outputOf(invoked).error : wordFor(invoked),
  });
  return {
    start: async (body) => {
      const invoked = await product.invoke("start", { codeChallenge: nobodysChallenge, ...body });
      if (invoked.kind === "answered") held.output = outputOf(invoked);
      return outcomeOf(invoked);
    },
    step: async (step, body) => outcomeOf(await held.step(step, payloadFor(product, step, body))),
    shown: () => ShownDevices.parse(held.output),
    standing: async () => held.key,
  };
}
