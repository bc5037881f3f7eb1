import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cookieDelivery } from "../support/browser-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { documentPath, readDocument } from "./document/file.ts";
import { type JsonObject, objectAt } from "./json.ts";
import { takeMismatches } from "./replies/record.ts";
import { type Walked, walk } from "./requests/walk.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct(cookieDelivery);
});
afterAll(() => product.close());

const document = readDocument(documentPath);

function walked(by: JsonObject, requests: number): Promise<Walked> {
  const begin = async () => {
    const client = product.client();
    await client.start();
    return client;
  };
  return walk({ api: product.api, document: by, requests, seed: 20_260_119, begin, takeMismatches });
}

/** The document of one path, with another text in it. */
function changed(path: string, was: string, is: string): JsonObject {
  const paths = { [path]: objectAt(document, "paths", path) };
  const text = JSON.stringify({ ...document, paths });
  expect(text).toContain(was);
  return JSON.parse(text.replaceAll(was, is));
}

describe("requests that are drawn from the document", () => {
  it("are answered as it says: those that it allows, and those that it doesn't", async () => {
    const { requests, statuses, mismatches } = await walked(document, 1_200);
    expect(mismatches).toEqual([]);
    expect(requests).toBe(1_200);
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining(["allowed: 201", "allowed: 200", "allowed: 404", "not allowed: 400"]),
    );
  });

  it.each([
    [
      "a text that may be longer",
      "password",
      '"maxLength":1024',
      '"maxLength":1030',
      "refused: password too-long",
    ],
    ["a text that may be empty", "lookup", '"minLength":1', '"minLength":0', "refused: username malformed"],
    ["a text that has to be shorter", "lookup", '"maxLength":256', '"maxLength":5', "and username is wrong"],
    [
      "a member that may be left out",
      "device",
      '"required":["deviceId"]',
      '"required":[]',
      "refused: deviceId missing",
    ],
    ["a member of another name", "otp", '"otp":{', '"pin":{', "refused: otp missing, body unknown"],
    ["a grammar that is narrower", "device", "^[!-~]+$", "^[a-z]+$", "and deviceId is wrong"],
  ])("show a document that is wrong: %s", async (_, step, was, is, what) => {
    const { mismatches } = await walked(changed(`/flows/{flowId}/${step}`, was, is), 150);
    expect(mismatches.join("\n")).toContain(what);
  });
});
