import type { FlowKey, Holder, NewFlow } from "../../../lib/flow/store.ts";
import { agree } from "../../../lib/x25519.ts";
import { Box } from "./box.ts";
import { type FlowRow, keyOf, readableVersion, stateMembers } from "./flow-row.ts";
import type { Model } from "./model.ts";
import { drawId, drawToken, hashIn } from "./tokens.ts";

/** Puts a new flow. */
export async function create(model: Model, flow: NewFlow): Promise<FlowKey> {
  const token = drawToken(model.draw);
  const flowId = await put(model, flow, token.hash, (flowId) => ({
    jar: Box.around(flow.jar, { lock: { secret: token.text }, place: newPlace(model, flowId), counter: 0 }),
  }));
  return { flowId, flowToken: token.text };
}

/** The same for somebody else to hold. */
export async function createFor(
  model: Model,
  { tokenHash, publicKey }: Holder,
  flow: NewFlow,
): Promise<string> {
  const drawn = model.draw(32);
  const ephemeral = model.draw(32);
  if (agree(drawn, publicKey) === undefined) throw new RangeError("Everybody agrees with this public key.");
  return put(model, flow, hashIn(tokenHash), (flowId) => ({
    jar: Box.around(flow.jar, { lock: { publicKey }, place: newPlace(model, flowId), counter: 0, ephemeral }),
    watched: true,
  }));
}

/** Where the boxes of a new row belong. */
export function newPlace({ environment }: Model, flowId: string) {
  return { environment, flowId, version: readableVersion };
}

async function put(
  { send, draw, environment }: Model,
  { createdAt, state }: NewFlow,
  tokenHash: string,
  held: (flowId: string) => Pick<FlowRow, "jar" | "watched">,
): Promise<string> {
  const flowId = drawId(draw);
  const row = {
    ...{ v: readableVersion, env: environment, tokenHash, createdAt, attempts: 0 },
    ...stateMembers(state),
    ...held(flowId),
  };
  const written = await send({
    ...{ pk: keyOf(flowId), operation: "PutItem", purpose: "create" },
    when: (there) => there === undefined,
    makes: () => row,
  });
  const isOurs = written.row?.tokenHash === tokenHash;
  if (!isOurs) throw new Error("Another flow has the id just drawn.");
  return flowId;
}
