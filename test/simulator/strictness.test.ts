import { parseSetCookie } from "cookie";
import { describe, expect, it } from "vitest";
import { people } from "./people.ts";
import type { Switches } from "./switches.ts";
import { lenientSwitches, strictSwitches } from "./switches.ts";
import { createClient, detailOf, launch } from "./test-client.ts";

async function opened(switches: Partial<Switches>) {
  const { simulator } = await launch({ switches });
  return { simulator, client: createClient(simulator) };
}

/** The switches that a stranger's client meets otherwise. */
const relaxed: Partial<Switches> = {
  flowsBearer: "ignored",
  acceptJsonOnly: "accepted",
  mediaTypes: "lenient",
  bareMediaTypes: "understood",
  unknownParameters: "ignored",
  redirectUri: "optional-with-pi.flow",
  cors: "any-origin",
  secureCookies: "ST-alone",
};

describe("the two sets", () => {
  it("differ in strictness alone", async () => {
    expect(lenientSwitches).toEqual({ ...strictSwitches, ...relaxed });
    const { simulator } = await opened({});
    expect(simulator.switches).toEqual(strictSwitches);
  });
});

const check = "application/vnd.pingidentity.usernamePassword.check+json";

describe("mediaTypes", () => {
  it.each([
    `${check}; charset=UTF-8`,
    `${check};charset=utf-8`,
    `${check} ; q="a;b"`,
    check.toUpperCase(),
    "Application/Vnd.PingIdentity.UsernamePassword.Check+JSON",
  ])("exact refuses %s, lenient takes it", async (contentType) => {
    const { simulator, client } = await opened({ mediaTypes: "exact" });
    await client.start("Single_Factor");
    const { username, password } = people.passwordOnly;
    const send = () =>
      client.act("usernamePassword.check", { username, password }, { "content-type": contentType });
    expect((await send()).status).toBe(415);
    simulator.switches.mediaTypes = "lenient";
    expect((await send()).body.status).toBe("COMPLETED");
    expect(simulator.calls.map(({ action }) => action)).toEqual([
      "authorize",
      "unknown",
      "usernamePassword.check",
    ]);
  });

  it.each([
    "application/json",
    "application/vnd.pingidentity.password.check+json; charset=UTF-8",
    "text/plain; charset=UTF-8",
    check.replace("+json", ""),
    `x${check}`,
  ])("lenient still refuses %s", async (contentType) => {
    const { client } = await opened(lenientSwitches);
    await client.start("Single_Factor");
    const reply = await client.act("otp.check", {}, { "content-type": contentType });
    expect(reply.status).toBe(415);
  });
});

describe("bareMediaTypes", () => {
  it("decides on password.sendRecoveryCode without +json", async () => {
    const { simulator, client } = await opened({ bareMediaTypes: "refused" });
    await client.start("Single_Factor");
    const contentType = "application/vnd.pingidentity.password.sendRecoveryCode";
    const send = () => client.act("otp.check", {}, { "content-type": contentType });
    expect((await send()).status).toBe(415);
    simulator.switches.bareMediaTypes = "understood";
    expect((await send()).status).toBe(400);
    expect(simulator.calls.at(-1)?.action).toBe("password.sendRecoveryCode");
  });
});

describe("secureCookies", () => {
  it.each([
    ["both", [true, true]],
    ["ST-alone", [true, false]],
  ] as const)("%s: ST and its twin are kept from plain HTTP: %o", async (secureCookies, secure) => {
    const { client } = await opened({ secureCookies });
    await client.start("Single_Factor");
    const done = await client.password(people.passwordOnly);
    const cookies = done.headers.getSetCookie().map((line) => parseSetCookie(line));
    expect(cookies.map(({ name }) => name)).toEqual(["ST", "ST-NO-SS"]);
    expect(cookies.map((cookie) => cookie.secure === true)).toEqual(secure);
    client.jar.delete("ST");
    expect((await client.resume()).status).toBe(200);
  });
});

describe("unknownParameters", () => {
  const unknown = { ui_locales: "de", display: "page", "x-mine": "1" };

  it("decides on them at authorize, resume and token", async () => {
    for (const [unknownParameters, status] of [
      ["refused", 400],
      ["ignored", 200],
    ] as const) {
      const { simulator, client } = await opened({ unknownParameters });
      const started = await client.start("Single_Factor", unknown);
      expect([started.status, detailOf(started)?.target]).toEqual([
        status,
        status === 400 ? "ui_locales" : undefined,
      ]);
      await client.start("Single_Factor");
      await client.password(people.passwordOnly);
      const resumed = await client.send(`/as/resume?flowId=${client.state.flowId}&lang=de`);
      expect(resumed.status).toBe(status);
      simulator.switches.unknownParameters = "ignored";
      if (status === 400) await client.resume();
      simulator.switches.unknownParameters = unknownParameters;
      expect((await client.token(unknown)).status).toBe(status);
    }
  });

  it.each([
    ["request_uri", "urn:x"],
    ["mobilePayload", "x"],
  ])("never overlooks %s, which PingOne heeds and the stand-in can't play", async (name, value) => {
    const { client } = await opened({ unknownParameters: "ignored" });
    const reply = await client.start("Single_Factor", { [name]: value });
    expect(detailOf(reply)).toMatchObject({ code: "INVALID_PARAMETER", target: name });
  });

  it.each(["request", "login_hint_token"])("never overlooks %s, which it heeds", async (name) => {
    const { client } = await opened({ unknownParameters: "ignored" });
    const reply = await client.start("Single_Factor", { [name]: "eyJ" });
    expect(detailOf(reply)).toMatchObject({ code: "INVALID_VALUE", target: name });
  });

  it("never overlooks dvResponse, a parameter that stands twice, or one that is wrong", async () => {
    const { client } = await opened({ unknownParameters: "ignored" });
    await client.start("Single_Factor");
    await client.password(people.passwordOnly);
    const path = `/as/resume?flowId=${client.state.flowId}`;
    expect((await client.send(`${path}&dvResponse=x`)).status).toBe(400);
    expect((await client.send(`${path}&flowId=x`)).status).toBe(400);
    expect((await client.start("Single_Factor", { prompt: "select_account" })).status).toBe(400);
  });
});

describe("redirectUri", () => {
  const unsaid = { redirect_uri: undefined };

  it("required: authorize refuses to go without", async () => {
    const { client } = await opened({ redirectUri: "required" });
    const reply = await client.start("Single_Factor", unsaid);
    expect(reply.status).toBe(400);
    expect(detailOf(reply)).toMatchObject({ code: "REQUIRED_VALUE", target: "redirect_uri" });
  });

  async function resumedWithout() {
    const { simulator, client } = await opened({ redirectUri: "optional-with-pi.flow" });
    await client.start("Single_Factor", unsaid);
    await client.password(people.passwordOnly);
    await client.resume();
    return { simulator, client };
  }

  it.each([
    [undefined, 200],
    ["https://app.example.com/callback", 200],
    ["com.example.app://callback", 200],
    ["https://evil.example/callback", 400],
  ])("optional: a code that came without is redeemed with %s by %i", async (redirect_uri, status) => {
    const { client } = await resumedWithout();
    expect((await client.token({ redirect_uri })).status).toBe(status);
  });

  it("optional: whoever said it at authorize says it again", async () => {
    const { client } = await opened({ redirectUri: "optional-with-pi.flow" });
    await client.start("Single_Factor");
    await client.password(people.passwordOnly);
    await client.resume();
    expect((await client.token(unsaid)).body.error).toBe("invalid_grant");
  });

  it("optional: a wrong one is refused, and a redirect needs one", async () => {
    const { client } = await opened({ redirectUri: "optional-with-pi.flow" });
    const wrong = await client.start("Single_Factor", { redirect_uri: "https://evil.example/callback" });
    expect(detailOf(wrong)).toMatchObject({ code: "INVALID_VALUE", target: "redirect_uri" });
    const redirected = await client.start("Single_Factor", { ...unsaid, response_mode: "query" });
    expect(detailOf(redirected)).toMatchObject({ code: "REQUIRED_VALUE", target: "redirect_uri" });
  });
});
