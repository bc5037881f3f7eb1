import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../infra/api/routes.ts";
import { people } from "../simulator/people.ts";
import { BrowserClient, cookieDelivery, fromOwnSite } from "../support/browser-client.ts";
import { type ApiReply, callApi } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await createProduct(cookieDelivery, { switches: { cookiesAt: "authorize" } });
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product.close());

const { username, password } = people.passwordOnly;
const wrong = { username, password: "Not-The-One-7" };

async function started(policy = "Single_Factor"): Promise<BrowserClient> {
  const browser = new BrowserClient(product.api);
  expect((await browser.start({ policy })).http).toBe(201);
  return browser;
}

/**
 * The token in a reply's cookies: the same for the path in lower case and in capitals; and nothing of
 * it in the body.
 */
function tokenIn(reply: ApiReply, flowId: string): string {
  const lines = reply.headers.getSetCookie();
  const [, token = ""] = /^__Secure-flow-token=([\w-]{43});/.exec(lines[0] ?? "") ?? [];
  expect(lines).toEqual(cookiesOf(flowId, token));
  expect(reply.text).not.toContain("flowToken");
  return token;
}

/** The lines that set the cookie of a flow to a value; none takes it away. */
function cookiesOf(flowId: string, value: string): string[] {
  const age = value === "" ? 0 : 3_600;
  return [flowId, flowId.toUpperCase()].map(
    (id) =>
      `__Secure-flow-token=${value}; Max-Age=${age}; Path=/flows/${id}; HttpOnly; Secure; SameSite=Strict`,
  );
}

describe("a sign-on by cookie", () => {
  it("ends with the code, and no body of it has a token, to the last byte", async () => {
    const browser = await started("Multi_Factor");
    const { username: name } = people.smsOtp;
    let resumed: ApiReply | undefined;
    const steps: [string, () => Record<string, string> | undefined][] = [
      ["password", () => ({ username: name, password })],
      ["otp", () => ({ otp: product.code(name) })],
      ["resume", () => undefined],
    ];
    for (const [step, bodyOf] of steps) {
      const body = bodyOf();
      const before = browser.tokens.at(-1) ?? "";
      const reply = await browser.step(step, body);
      expect(tokenIn(reply, browser.flowId)).not.toBe(before);
      const read = await browser.status();
      expect([read.http, read.headers.getSetCookie()]).toEqual([200, []]);
      // What a bearer gets for the same request is the same reply, and the token in it.
      const path = `/flows/${browser.flowId}/${step}`;
      const headers = { ...fromOwnSite, cookie: `__Secure-flow-token=${before}` };
      const again = await callApi(product.api, "POST", path, { headers, body });
      const bearers = await callApi(product.api, "POST", path, { token: before, body });
      const newest = tokenIn(again, browser.flowId);
      expect(again.body).toEqual(reply.body);
      expect(bearers.text.replace(`,"flowToken":"${newest}"`, "")).toBe(again.text);
      browser.texts.push(again.text);
      resumed = reply;
    }
    const claims = resumed && (await product.redeem(browser, resumed));
    expect(claims).toMatchObject({ preferred_username: name });
    expect(browser.tokens).toHaveLength(4);
    expect(new Set(browser.tokens).size).toBe(4);
    const seen = [...browser.texts, JSON.stringify(product.log), JSON.stringify(await product.rows())].join();
    for (const token of browser.tokens) expect(seen).not.toContain(token);
    expect(seen).not.toMatch(/flowToken|__Secure/);
  });
});

describe("a reply by cookie", () => {
  it("that was lost is fetched by the same request with the old cookie, and PingOne is asked once", async () => {
    const browser = await started();
    const first = await browser.step("password", { username, password });
    const [token, before] = [browser.tokens.at(-1), product.simulator.calls.length];
    browser.loseLastReply();
    const second = await browser.step("password", { username, password });
    expect([second.http, second.text]).toEqual([200, first.text]);
    expect(tokenIn(second, browser.flowId)).toBe(token);
    expect(product.simulator.calls).toHaveLength(before);
    expect(await product.redeem(browser, await browser.step("resume"))).toMatchObject({
      preferred_username: username,
    });
  });

  it("that is a problem brings the next token as well", async () => {
    const browser = await started();
    const rejected = await browser.step("password", wrong);
    expect([rejected.http, rejected.body.error]).toEqual([422, "credentials-rejected"]);
    tokenIn(rejected, browser.flowId);
    expect(await browser.step("password", { username, password })).toMatchObject({ http: 200 });
  });

  it("that settles a doubt brings it too, and a problem without a commit brings none", async () => {
    const browser = await started();
    product.simulator.faults.script({ on: "usernamePassword.check", kind: "reset", applied: true });
    const lost = await browser.step("password", { username, password });
    expect([lost.body.error, lost.headers.getSetCookie()]).toEqual(["outcome-unknown", []]);
    const settled = await browser.status();
    expect(settled.body).toMatchObject({ status: "COMPLETED", next: ["resume"] });
    tokenIn(settled, browser.flowId);
    expect((await browser.step("resume")).http).toBe(200);
  });

  it("goes to the flow's own routes, and to no other", async () => {
    const browser = await started();
    const [path = "", ...others] = browser.jar.keys();
    const ofFlow = routes.map((route) => route.path).filter((route) => route.includes("{flowId}"));
    const filled = ofFlow.map((route) => route.replace("{flowId}", browser.flowId));
    expect([path, others]).toEqual([filled[0], [`/flows/${browser.flowId.toUpperCase()}`]]);
    expect(filled.filter((route) => route !== path && !route.startsWith(`${path}/`))).toEqual([]);
  });

  it("that cancels the flow clears the cookie; one that doesn't keeps it", async () => {
    const browser = await started();
    product.simulator.faults.script({
      on: "usernamePassword.check",
      kind: "delay",
      ms: 600_000,
      applied: "after",
    });
    const step = browser.step("password", { username, password });
    await product.until(() => product.simulator.calls.at(-1)?.action === "usernamePassword.check");
    const busy = await browser.cancel();
    expect([busy.body.error, busy.headers.getSetCookie()]).toEqual(["step-in-progress", []]);
    product.simulator.faults.clear();
    await step;
    const cancelled = await browser.cancel();
    expect([cancelled.http, cancelled.text, cancelled.headers.getSetCookie()]).toEqual([
      204,
      "",
      cookiesOf(browser.flowId, ""),
    ]);
    expect((await browser.status()).body).toMatchObject({
      error: "request-invalid",
      fields: [{ name: "authorization", reason: "missing" }],
    });
    expect(await product.rowOf(browser.flowId)).toBeUndefined();
  });
});
