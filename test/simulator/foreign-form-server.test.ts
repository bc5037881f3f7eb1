import { describe, expect, it, onTestFinished } from "vitest";
import { foreignWorld } from "./foreign.ts";
import { shop, shopWorker, startShop } from "./foreign-form-server.ts";
import { people } from "./people.ts";
import { lenientSwitches, strictSwitches } from "./switches.ts";

async function openShop(switches = lenientSwitches) {
  const world = await foreignWorld(switches);
  await world.register(shop);
  await world.register(shopWorker);
  const server = await startShop(world.baseUrl);
  onTestFinished(() => server.close());
  const post = async (path: string, values: Record<string, string>, cookie = "") => {
    const body = new URLSearchParams(values);
    const response = await fetch(server.url + path, { method: "POST", body, headers: { cookie } });
    return { status: response.status, headers: response.headers, html: await response.text() };
  };
  return { world, post };
}

const { username, password } = people.smsOtp;

describe("a form-post server with a worker token, a secret in the body and no PKCE", () => {
  it("signs a visitor on", async () => {
    const { world, post } = await openShop();
    const first = await post("/login", { username, password });
    expect(first.html).toContain('name="otp"');
    const sid = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const second = await post("/code", { otp: await world.codeFor(username) }, sid);
    expect(second.html).toBe(`<p>Welcome, ${username}!</p>`);
    expect(world.actions()).toEqual([
      "authorize",
      "token",
      "usernamePassword.check",
      "token",
      "otp.check",
      "resume",
      "token",
      "jwks",
    ]);
  });

  it("stops where a bearer on /flows is refused", async () => {
    const { world, post } = await openShop({ ...lenientSwitches, flowsBearer: strictSwitches.flowsBearer });
    expect((await post("/login", { username, password })).html).toContain("PingOne said 401.");
    expect(world.actions()).toEqual(["authorize", "token", "usernamePassword.check"]);
  });
});
