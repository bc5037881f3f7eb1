import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainAnswer } from "../local/refusals.ts";
import { type Gateway, serveRestApi } from "../local/rest-api.ts";
import { documentPath } from "./document/file.ts";
import { documentUrl, pageUrl, referenceFiles } from "./page.ts";

let gateway: Gateway;
beforeAll(async () => {
  const api = { routes: [], refuse: plainAnswer, files: referenceFiles() };
  gateway = await serveRestApi(api, 0, () => undefined);
});
afterAll(() => gateway.close());

describe("the reference", () => {
  it("has the committed document", async () => {
    const reply = await fetch(`${gateway.url}${documentUrl}`);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect(await reply.text()).toBe(readFileSync(documentPath, "utf8"));
  });

  it("is a page whose scripts stand beside it, and that may ask nobody else", async () => {
    const reply = await fetch(`${gateway.url}${pageUrl}`);
    expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(reply.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "connect-src 'self'; base-uri 'none'",
    );
    const sources = [...(await reply.text()).matchAll(/src="([^"]+)"/g)].map(([, source]) => source ?? "");
    expect(sources).toHaveLength(2);
    for (const source of sources) {
      const script = await fetch(new URL(source, gateway.url));
      expect([script.status, script.headers.get("content-type")]).toEqual([
        200,
        "text/javascript; charset=utf-8",
      ]);
    }
  });

  it("is read and never written to", async () => {
    const reply = await fetch(`${gateway.url}${documentUrl}`, { method: "POST" });
    expect(reply.status).toBe(403);
  });
});
