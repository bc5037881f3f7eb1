import { type OutgoingHttpHeaders, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { ownUserAgent } from "../../lib/pingone/settings.ts";
import { people } from "../simulator/people.ts";
import { createPkce } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

const Reply = z.object({ flowId: z.string().optional(), flowToken: z.string() });

/** Asks as few HTTP libraries do: with the headers that are given and none beside. */
async function ask(url: string, headers: OutgoingHttpHeaders, body: object) {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const message = request(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
  });
  message.once("error", reject).once("response", (reply) => {
    buffer(reply).then(resolve, reject);
  });
  message.end(JSON.stringify(body));
  return Reply.parse(JSON.parse((await promise).toString("utf8")));
}

/** Signs on up to the code, and gives what PingOne was told of the person's device by every call. */
async function toldBy({ api, simulator }: Product, device: OutgoingHttpHeaders) {
  const before = simulator.calls.length;
  const { username, password } = people.passwordOnly;
  const started = await ask(`${api}/flows`, device, { codeChallenge: createPkce().challenge });
  const path = `${api}/flows/${started.flowId}`;
  const authorized = (flowToken: string) => ({ ...device, Authorization: `Bearer ${flowToken}` });
  const checked = await ask(`${path}/password`, authorized(started.flowToken), { username, password });
  await ask(`${path}/resume`, authorized(checked.flowToken), {});
  const calls = simulator.calls.slice(before);
  expect(calls.map(({ action }) => action)).toEqual(["authorize", "usernamePassword.check", "resume"]);
  return calls.map(({ headers }) => [headers["user-agent"], headers["accept-language"]]);
}

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterAll(() => product?.close());

describe("what PingOne is told of a device, by each call of a sign-on", () => {
  it.each<[string, OutgoingHttpHeaders, (string | undefined)[]]>([
    ["who names nobody", {}, [ownUserAgent, undefined]],
    [
      "with a long name and many languages",
      { "User-Agent": "x".repeat(600), "Accept-Language": "de, ".repeat(300) },
      ["x".repeat(256), "de, ".repeat(64).slice(0, -2)],
    ],
    ["with a name of other letters", { "User-Agent": "Caf\u00e9/1.0" }, ["Caf/1.0", undefined]],
    [
      "whose name is in other letters alone",
      { "User-Agent": "\u00e9", "Accept-Language": "\u00e9" },
      [ownUserAgent, undefined],
    ],
    ["who has one", { "User-Agent": "App/1.0", "Accept-Language": "de-CH" }, ["App/1.0", "de-CH"]],
  ])("is a name of at most 256 characters for a client %s", async (_name, device, told) => {
    expect(await toldBy(product, device)).toEqual([told, told, told]);
  });

  it("is our own name where PingOne is to be told of none", async () => {
    const silent = await createProduct({ FORWARD_USER_AGENT: "false", FORWARD_ACCEPT_LANGUAGE: "false" });
    try {
      const device = { "User-Agent": "App/1.0", "Accept-Language": "de-CH" };
      expect(new Set((await toldBy(silent, device)).flat())).toEqual(new Set([ownUserAgent, undefined]));
    } finally {
      await silent.close();
    }
  });
});
