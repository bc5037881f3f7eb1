import { describe, expect, it } from "vitest";
import { people } from "./people.ts";
import { type ReasonCase, reasonCases } from "./reason-cases.ts";
import type { Switches } from "./switches.ts";
import { createClient, detailOf, errorOf, launch, type Reply } from "./test-client.ts";

type ReasonsIn = Switches["reasonsIn"];

async function met(reasonsIn: ReasonsIn, one: ReasonCase) {
  const { simulator } = await launch({ switches: { reasonsIn } });
  const client = createClient(simulator);
  await one.lead(client);
  return { simulator, client, reply: await one.ask(client) };
}

function named(name: string): ReasonCase {
  return reasonCases.find((one) => one.name === name) ?? expect.fail(`There is no case "${name}".`);
}

/**
 * What a reply says: its own status and code, the flow's status, and the reason by the place where it stands.
 */
function said(reply: Reply) {
  const { code, status } = reply.body;
  const detail = detailOf(reply);
  const error = errorOf(reply);
  return {
    http: reply.status,
    code,
    status,
    inBody: detail && { code: detail.code, target: detail.target },
    inFlow: error && { code: error.code, target: error.details?.[0]?.target },
  };
}

/** What a reply says when the reason stands in a place. */
function expected({ code, target, stays }: ReasonCase, place: ReasonsIn) {
  const reason = { code, target };
  if (place === "body-4xx") {
    return { http: 400, code: "INVALID_DATA", status: undefined, inBody: reason, inFlow: undefined };
  }
  const status = place === "failed-200" ? "FAILED" : stays;
  return { http: 200, code: undefined, status, inBody: undefined, inFlow: reason };
}

describe.each(["body-4xx", "failed-200", "open-200"] as const)("reasonsIn %s", (reasonsIn) => {
  it.each(reasonCases)("tells $name there", async (one) => {
    const { reply } = await met(reasonsIn, one);
    expect(said(reply)).toEqual(expected(one, reasonsIn));
  });

  it.each(reasonCases.filter(({ starts }) => !starts))("reads of the flow agree: $name", async (one) => {
    const { client } = await met(reasonsIn, one);
    const { http, status, inFlow } = said(await client.read());
    const goesOn = { http: 200, status: one.stays, inFlow: undefined };
    const { code, target, stays } = one;
    const agreed = {
      "body-4xx": goesOn,
      "failed-200": { http: 200, status: "FAILED", inFlow: { code, target } },
      "open-200": { http: 200, status: stays, inFlow: { code, target } },
    };
    expect({ http, status, inFlow }).toEqual(agreed[reasonsIn]);
  });
});

describe("reasonsIn by-reason", () => {
  it.each(reasonCases)("tells $name where samples do", async (one) => {
    const { reply } = await met("by-reason", one);
    expect(said(reply)).toEqual(expected(one, one.sampledIn));
  });
});

describe("a flow that met a reason", () => {
  const wrong = named("a wrong password");

  it("has really ended with failed-200: no action, no code", async () => {
    const { client } = await met("failed-200", wrong);
    expect((await client.password(people.emailOtp)).body.code).toBe("INVALID_REQUEST");
    expect((await client.resume()).status).toBe(403);
  });

  it.each(["body-4xx", "open-200"] as const)(
    "goes on with %s to a code, and says no more of it",
    async (place) => {
      const { client } = await met(place, wrong);
      expect((await client.password(people.emailOtp)).body).toMatchObject({ status: "OTP_REQUIRED" });
      expect((await client.read()).body).not.toHaveProperty("error");
      expect((await client.otp(client.newestCode(people.emailOtp))).body.status).toBe("COMPLETED");
      expect((await client.resume()).status).toBe(200);
      expect((await client.token()).status).toBe(200);
    },
  );

  it("offers with open-200 what it offered before", async () => {
    const { reply } = await met("open-200", wrong);
    expect(new Set(Object.keys(reply.body._links ?? {}))).toEqual(
      new Set(["usernamePassword.check", "session.reset", "self"]),
    );
  });

  it.each(["body-4xx", "open-200"] as const)("forgets with %s who was not let on", async (place) => {
    const { client } = await met(place, named("no usable device"));
    expect((await client.read()).body._embedded).not.toHaveProperty("user");
    const { simulator } = await met(place, named("no usable device, at lookup"));
    expect(simulator.inbox.all()).toEqual([]);
  });

  it.each(["by-reason", "failed-200"] as const)("shows with %s whom it ended for", async (place) => {
    const { reply } = await met(place, named("no usable device"));
    expect(reply.body._embedded?.["user"]).toEqual({ id: people.noUsableDevice.id });
  });

  it("says so in an error body where reads have it there", async () => {
    const { simulator, client } = await met("failed-200", wrong);
    simulator.switches.reasonsIn = "body-4xx";
    expect(said(await client.read())).toEqual(expected(wrong, "body-4xx"));
  });

  it.each(["open-200", "by-reason"] as const)("never looks open once it ended: %s", async (reasonsIn) => {
    const { simulator, client } = await met("failed-200", wrong);
    simulator.switches.reasonsIn = reasonsIn;
    expect(said(await client.read())).toEqual(expected(wrong, "failed-200"));
  });

  it("names unusable devices in every place", async () => {
    const one = named("no usable device");
    const unavailableDevices = [{ id: people.noUsableDevice.devices[0].id }];
    expect(detailOf((await met("body-4xx", one)).reply)?.innerError).toEqual({ unavailableDevices });
    for (const place of ["failed-200", "open-200"] as const) {
      const error = errorOf((await met(place, one)).reply);
      expect(error).toEqual({ code: one.code, message: expect.any(String), unavailableDevices });
    }
  });

  it("keeps the end of a lock in every place", async () => {
    const innerError = { secondsUntilUnlock: 3600 };
    const one = named(`a lock, ${people.lockedTimed.username}`);
    expect(detailOf((await met("body-4xx", one)).reply)?.innerError).toEqual(innerError);
    for (const place of ["failed-200", "open-200"] as const) {
      expect(errorOf((await met(place, one)).reply)?.details?.[0]?.innerError).toEqual(innerError);
    }
  });
});
