import type { ClientStep } from "../../lib/flow/steps.ts";
import type { Product } from "./product.ts";
import { rightAnswer, sceneBefore, walkerBy, walkTo } from "./step-scenes.ts";

/**
 * A client before a step, and what is right there.
 *
 * @param further whether PingOne is to want something more after the step, where there is such a flow
 */
export async function clientAt(product: Product, step: ClientStep, further = false) {
  const client = product.client();
  const walker = walkerBy(client, product.simulator);
  const { who, ...scene } = sceneBefore(step, product.simulator, further);
  await walkTo({ who, ...scene }, walker, product.simulator);
  const { status } = (await client.status()).body;
  return { client, who, status, right: rightAnswer(step, who, walker) };
}
