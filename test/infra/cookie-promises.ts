import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environmentNamed } from "../../infra/environments.ts";
import { people } from "../simulator/people.ts";
import { BrowserClient, fromOwnSite } from "../support/browser-client.ts";
import { createDeployedProduct, type DeployedProduct } from "../support/deployed-product.ts";
import { callApi, faultsIn } from "../support/flow-client.ts";
import { propertiesOf, synthesize } from "./synthesis.ts";

/** What production as it would be deployed promises to browsers. */
export function cookiePromises(): void {
  describe("production, which delivers cookies", () => {
    const { username, password } = people.emailOtp;
    const { origin } = fromOwnSite;
    const { domain, allowedOrigins } = environmentNamed("prod");
    let product: DeployedProduct;
    beforeAll(async () => {
      product = await createDeployedProduct(dirname(synthesize("prod").templateFile));
    });
    afterAll(() => product?.close());

    const leaveOf = (headers: Headers) =>
      ["origin", "credentials"].map((what) => headers.get(`access-control-allow-${what}`));

    it("signs a person on by cookie through its own gateway, bundles and variables", async () => {
      const browser = new BrowserClient(product.api);
      const started = await browser.start({ policy: "Multi_Factor" });
      expect([started.http, leaveOf(started.headers)]).toEqual([201, [origin, "true"]]);
      await browser.step("password", { username, password });
      await browser.step("otp", { otp: product.code(username) });
      const resumed = await browser.step("resume");
      expect(await product.redeem(browser, resumed)).toMatchObject({ preferred_username: username });
      expect([browser.tokens.length, browser.texts.join().includes("flowToken")]).toEqual([4, false]);
    });

    it("lets its functions judge what comes without Authorization", async () => {
      const { flowId } = await product
        .client()
        .start()
        .then(({ body }) => body);
      const reply = await callApi(product.api, "GET", `/flows/${flowId}`, {});
      expect([reply.http, faultsIn(reply)]).toEqual([400, ["authorization missing"]]);
      const stranger = { cookie: "__Secure-flow-token=x", "sec-fetch-site": "same-site" };
      const refused = await callApi(product.api, "GET", `/flows/${flowId}`, { headers: stranger });
      expect([refused.http, faultsIn(refused)]).toEqual([400, ["origin missing"]]);
    });

    it("lets pages of each allowed origin bring their cookies, and of no other", async () => {
      const preflight = async (from: string) => {
        const headers = { origin: from, "access-control-request-method": "POST" };
        return leaveOf((await fetch(`${product.api}/flows`, { method: "OPTIONS", headers })).headers);
      };
      for (const allowed of allowedOrigins) expect(await preflight(allowed)).toEqual([allowed, "true"]);
      expect(await preflight("https://app.example.com.evil.test")).toEqual([null, null]);
    });

    it("says so where its gateway answers by itself", async () => {
      const reply = await callApi(product.api, "GET", "/flows", {});
      expect([reply.http, reply.body.error, leaveOf(reply.headers)]).toEqual([
        ...[404, "no-such-route"],
        [allowedOrigins[0], "true"],
      ]);
    });

    it("stands at the root of its domain, where the path of the cookie begins", () => {
      const mappings = propertiesOf(synthesize("prod"), "AWS::ApiGateway::BasePathMapping");
      expect(mappings.map(({ BasePath }) => BasePath)).toEqual([undefined]);
      synthesize("prod").template.hasOutput("ApiUrl", { Value: `https://${domain?.name}/` });
    });
  });
}
