import { describe, expect, it } from "vitest";
import { people } from "./people.ts";
import type { Switches } from "./switches.ts";
import { createClient, errorOf, launch, type Reply } from "./test-client.ts";

const wrong = { code: "INVALID_VALUE", target: "username", message: "Wrong." };
const innerError = { secondsUntilUnlock: 60 };
const locked = { code: "PASSWORD_LOCKED_OUT", target: "password", message: "Locked.", innerError };
const orders = [
  [wrong, locked],
  [locked, wrong],
] as const;
const places = [
  { place: "body-4xx", http: 400, status: undefined },
  { place: "failed-200", http: 200, status: "FAILED" },
  { place: "open-200", http: 200, status: "USERNAME_PASSWORD_REQUIRED" },
] as const;
const everyWay = places.flatMap((place) => orders.map((details) => ({ ...place, details })));

interface Scripted {
  readonly details?: (typeof orders)[number];
  readonly switches?: Partial<Switches>;
  readonly more?: object;
}

async function scripted({ details = orders[0], switches = {}, more = {} }: Scripted) {
  const { simulator, clock } = await launch({ switches });
  const client = createClient(simulator);
  await client.start("Single_Factor");
  simulator.faults.script({ kind: "reason", on: "any", details: [...details], ...more });
  return { simulator, clock, client };
}

const detailsOf = (reply: Reply) => errorOf(reply)?.details ?? reply.body.details;

describe("a scripted reason with several details", () => {
  it.each(everyWay)("is told $place to an action, in its order: $details", async (way) => {
    const { place, http, status, details } = way;
    const { client } = await scripted({ details, switches: { reasonsIn: place } });
    const reply = await client.password(people.passwordOnly);
    expect([reply.status, reply.body.status, errorOf(reply)?.code]).toEqual([
      http,
      status,
      status === undefined ? undefined : details[0].code,
    ]);
    expect(detailsOf(reply)).toEqual(details);
    const after = await client.password(people.passwordOnly);
    expect(after.status).toBe(status === "FAILED" ? 400 : 200);
  });

  it.each(everyWay)("is told to a poll too, in a place of its own: $place, $details", async (way) => {
    const { place, http, status, details } = way;
    const { client } = await scripted({ details, more: { in: place } });
    const read = await client.read();
    expect([read.status, read.body.status]).toEqual([http, status]);
    expect(detailsOf(read)).toEqual(details);
    expect((await client.read()).body.status).toBe(status ?? "USERNAME_PASSWORD_REQUIRED");
  });

  it.each(places)("is told to a start too: $place", async ({ place, status }) => {
    const { client } = await scripted({ more: { in: place, code: "REQUEST_FAILED", status: 403 } });
    const started = await client.start("Single_Factor");
    expect([started.status, started.body.status]).toEqual([place === "body-4xx" ? 403 : 200, status]);
    const told = place === "body-4xx" ? started.body : errorOf(started);
    expect(told).toMatchObject({ code: "REQUEST_FAILED", details: orders[0] });
  });

  it.each([
    [{}, false],
    [{ target: "otp" }, true],
    [{ innerError }, true],
  ])("stands in error's details where %o says more than the code: %s", async (more, stands) => {
    const { simulator, client } = await scripted({});
    simulator.faults.clear();
    const details: [{ code: string; message: string }] = [
      { code: "QUOTA_EXCEEDED", message: "No.", ...more },
    ];
    simulator.faults.script({ kind: "reason", on: "any", in: "open-200", details });
    const error = errorOf(await client.read());
    expect(error).toEqual({ code: "QUOTA_EXCEEDED", message: "No.", ...(stands ? { details } : {}) });
  });

  it.each([
    ["body-4xx", "2026-01-05T09:15:00.000Z"],
    ["open-200", "2026-01-05T09:16:00.000Z"],
  ] as const)("keeps the flow alive for longer where it shows it: %s", async (place, expiresAt) => {
    const { clock, client } = await scripted({ more: { in: place } });
    clock.advance(60_000);
    await client.password(people.passwordOnly);
    clock.advance(Date.parse(expiresAt) - clock.now());
    expect((await client.read()).status).toBe(404);
    clock.advance(-1);
    expect((await client.read()).status).toBe(200);
  });

  it("is an error body where nothing else is said", async () => {
    const { client } = await scripted({});
    expect((await client.password(people.passwordOnly)).status).toBe(400);
  });

  it.each([
    [true, "COMPLETED", 2],
    [false, "USERNAME_PASSWORD_REQUIRED", 0],
  ])("comes with the step done: %s", async (applied, status, cookies) => {
    const { client } = await scripted({ more: { applied } });
    const reply = await client.password(people.passwordOnly);
    expect([reply.status, reply.headers.getSetCookie().length]).toEqual([400, cookies]);
    expect((await client.read()).body.status).toBe(status);
  });
});
