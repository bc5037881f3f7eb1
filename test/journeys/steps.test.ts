import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  asksAboutName,
  type ClientStep,
  clientSteps,
  isLostWithAnswer,
  steps,
} from "../../lib/flow/steps.ts";
import { clientAt } from "../support/client-at.ts";
import { createProducts, disclosures, type Products } from "../support/disclosures.ts";
import { type ApiReply, type FlowClient, faultsIn } from "../support/flow-client.ts";
import type { Product } from "../support/product.ts";
import type { SampleScene } from "../support/step-sample.ts";
import { samples, stepToTake } from "../support/step-samples.ts";
import { rightAnswer, targetOf, walkerBy } from "../support/step-scenes.ts";

/** More than any sign-on needs. */
const mostSteps = 8;

let products: Products;
beforeAll(async () => {
  products = await createProducts();
});
afterAll(() => Promise.all(Object.values(products ?? {}).map((product) => product.close())));

/** Goes on with what is offered until there is a code, and gives the last reply. */
async function finish(
  product: Product,
  client: FlowClient,
  who: SampleScene["who"],
  first: ApiReply,
): Promise<ApiReply> {
  const walker = walkerBy(client, product.simulator);
  let reply = first;
  for (let taken = 0; taken < mostSteps && !hasEnd(reply); taken += 1) {
    const step = stepToTake(reply.body.next ?? []);
    if (step === undefined) break;
    reply = await walker.step(step, rightAnswer(step, who, walker));
  }
  return reply;
}

/** Whether a reply brings the code, or what it was redeemed for. */
function hasEnd({ body: { code, id_token: idToken } }: ApiReply): boolean {
  return code !== undefined || idToken !== undefined;
}

/** A flow that doesn't offer a step. */
async function elsewhere(product: Product, step: ClientStep): Promise<FlowClient> {
  for (const policy of ["Single_Factor", "Passwordless"]) {
    const client = product.client();
    const { next = [] } = (await client.start({ policy })).body;
    if (!next.includes(step)) return client;
  }
  throw new Error(`Every flow offers ${step}.`);
}

describe.each(clientSteps)("POST /flows/{flowId}/%s", (step) => {
  const action = targetOf(step);
  const asked = (product: Product) => product.simulator.calls.map((call) => call.action);

  it.each(
    disclosures.flatMap((disclosure) => [false, true].map((further) => [disclosure, further] as const)),
  )(
    "asks PingOne once and leads to a code: %s, with more to come where that can be: %s",
    async (disclosure, further) => {
      const product = products[disclosure];
      const { client, who, status, right } = await clientAt(product, step, further);
      const made = asked(product).length;
      const reply = await client.step(step, right);
      expect(asked(product).slice(made)).toEqual([action]);
      expect(reply.http).toBe(200);
      const isMoved = hasEnd(reply) || reply.body.status !== status;
      expect(isMoved).toBe(samples[step].stays !== true);
      const last = await finish(product, client, who, reply);
      const { preferred_username: name } = await product.redeem(client, last);
      expect(name).toBe(who.username);
    },
  );

  it.each(disclosures)(
    "turns down what is wrong by its own name, and takes what is right then: %s",
    async (disclosure) => {
      const { wrong } = samples[step];
      // With `minimal` a name that nobody has looks like any other.
      const isTold = wrong !== undefined && !(disclosure === "minimal" && asksAboutName(step));
      const product = products[disclosure];
      const { client, status, right } = await clientAt(product, step);
      const replies = isTold ? [await client.step(step, wrong(right, 0))] : [];
      expect(replies.map(({ body }) => [body.error, body.flow?.status])).toEqual(
        isTold ? [[steps[step].rejection({}).error, status]] : [],
      );
      expect((await client.step(step, right)).http).toBe(200);
    },
  );

  it("gives its answer again to the same request, and asks PingOne no more", async () => {
    const { client, right } = await clientAt(products.hints, step);
    const { token } = client;
    const first = await client.step(step, right);
    const made = asked(products.hints).length;
    const again = await client.step(step, right, token);
    // What can be had once is told to be lost.
    const same = isLostWithAnswer(step) ? [409, "restart-required"] : [first.http, first.body.error];
    expect([again.http, again.body.error]).toEqual(same);
    if (!isLostWithAnswer(step)) expect(again.body).toEqual(first.body);
    expect(asked(products.hints)).toHaveLength(made);
  });

  it("is refused where it is not offered, and PingOne isn't asked", async () => {
    const client = await elsewhere(products.hints, step);
    const made = asked(products.hints).length;
    const reply = await client.step(step, samples[step].body);
    expect([reply.http, reply.body.error]).toEqual([409, "wrong-step"]);
    expect(asked(products.hints)).toHaveLength(made);
  });

  it("names each member that is missing, malformed or unknown, and echoes none", async () => {
    const client = await elsewhere(products.hints, step);
    const { body = {} } = samples[step];
    const canary = "Canary-In-A-Body";
    const told = async (sent: unknown) => faultsIn(await client.step(step, Object(sent)));
    for (const member of Object.keys(body)) {
      const { [member]: _, ...others } = body;
      expect(await told(others)).toEqual([`${member} missing`]);
      expect(await told({ ...body, [member]: [canary] })).toEqual([`${member} malformed`]);
      expect(await told({ ...body, [member]: "" })).toEqual([`${member} malformed`]);
    }
    expect(await told({ ...body, [canary]: canary })).toEqual(["body unknown"]);
  });
});
