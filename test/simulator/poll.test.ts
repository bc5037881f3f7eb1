import { describe, expect, it } from "vitest";
import { until } from "../support/patience.ts";
import type { Fault } from "./faults.ts";
import { people } from "./people.ts";
import type { PushAnswer } from "./steps.ts";
import type { Switches } from "./switches.ts";
import { createClient, detailOf, errorOf, launch, locationOf } from "./test-client.ts";

/** A flow whose push waits for an answer. */
async function pushed(switches: Partial<Switches>) {
  const { simulator, clock } = await launch({ switches });
  const client = createClient(simulator);
  await client.start("Passwordless");
  await client.lookup(people.push);
  const answer = async (value: PushAnswer) => {
    const init = { method: "POST", body: JSON.stringify({ answer: value }) };
    return (await fetch(`${simulator.origin}/_simulator/push/${client.state.flowId}`, init)).status;
  };
  return { simulator, clock, client, answer };
}

type Pushed = Awaited<ReturnType<typeof pushed>>;

/** A poll by somebody who waits no longer than until PingOne has had the call. */
async function pollBriefly({ simulator, client }: Pushed): Promise<string> {
  const before = simulator.calls.length;
  const patience = new AbortController();
  const polled = fetch(`${simulator.baseUrl}/flows/${client.state.flowId}`, { signal: patience.signal });
  const outcome = polled.then(
    ({ status }) => String(status),
    () => "nothing",
  );
  await until("the call", () => simulator.calls.length > before);
  patience.abort();
  return outcome;
}

/** A poll that is waited for. */
const poll = ({ client }: Pushed) =>
  client.read().then(
    ({ status }) => String(status),
    () => "nothing",
  );

const on = "read";
const strikes = (applied: boolean) => [
  { name: "reset", hears: "nothing", poll, fault: { kind: "reset", on, applied } satisfies Fault },
  { name: "503", hears: "503", poll, fault: { kind: "status", on, status: 503, applied } satisfies Fault },
  { name: "a page", hears: "502", poll, fault: { kind: "html", on, status: 502, applied } satisfies Fault },
  {
    name: "a time-out",
    hears: "nothing",
    poll: pollBriefly,
    fault: { kind: "delay", on, ms: 600_000, applied: applied ? "before" : "after" } satisfies Fault,
  },
];

/** The person approves, and the poll that would have told it is struck. */
async function struck(one: ReturnType<typeof strikes>[number], switches: Partial<Switches>) {
  const push = await pushed(switches);
  await push.answer("approve");
  push.simulator.faults.script(one.fault);
  expect(await one.poll(push)).toBe(one.hears);
  return push;
}

describe("a poll that PingOne answered in vain", () => {
  it.each(strikes(true))("has lost the cookies for good: $name", async (one) => {
    const { client } = await struck(one, { repeatST: false });
    const read = await client.read();
    expect([read.body.status, read.headers.getSetCookie()]).toEqual(["COMPLETED", []]);
    expect(locationOf(await client.resume()).searchParams.has("error")).toBe(true);
  });

  it.each(strikes(true))("gets the same cookies again with repeatST: $name", async (one) => {
    const { client } = await struck(one, { repeatST: true });
    expect((await client.read()).headers.getSetCookie()).toHaveLength(2);
    const first = client.jar.get("ST");
    expect((await client.read()).headers.getSetCookie()).toHaveLength(2);
    expect(client.jar.get("ST")).toBe(first);
    const resumed = await client.resume();
    expect([resumed.status, resumed.headers.getSetCookie().length]).toEqual([200, 2]);
    expect((await client.token()).status).toBe(200);
  });

  it.each(strikes(true))("gets another cookie with rotateST: $name", async (one) => {
    const { client } = await struck(one, { rotateST: true });
    expect((await client.read()).headers.getSetCookie()).toHaveLength(2);
    expect((await client.resume()).status).toBe(200);
  });
});

describe("a poll that PingOne has not answered", () => {
  it.each(strikes(false))("leaves the cookies to the next one: $name", async (one) => {
    const { client } = await struck(one, {});
    const read = await client.read();
    expect([read.body.status, read.headers.getSetCookie().length]).toEqual(["COMPLETED", 2]);
    expect((await client.resume()).status).toBe(200);
  });
});

describe("repeatST", () => {
  it.each([
    [false, "completion", [0, 0, 2, 0]],
    [true, "completion", [0, 0, 2, 2]],
    [false, "authorize", [2, 0, 2, 0]],
    [true, "authorize", [2, 2, 2, 2]],
  ] as const)("%s with cookiesAt %s: cookies at start, refusal, completion and read", async (...world) => {
    const [repeatST, cookiesAt, cookies] = world;
    const { simulator } = await launch({ switches: { repeatST, cookiesAt } });
    const client = createClient(simulator);
    const replies = [
      await client.start("Single_Factor"),
      await client.password(people.passwordOnly, "wrong"),
      await client.password(people.passwordOnly),
      await client.read(),
    ];
    expect(replies.map(({ headers }) => headers.getSetCookie().length)).toEqual(cookies);
  });
});

describe("a denied push", () => {
  it.each(["by-reason", "failed-200"] as const)("ends the flow with reasonsIn %s", async (reasonsIn) => {
    const { client, answer } = await pushed({ reasonsIn });
    expect(await answer("deny")).toBe(200);
    const read = await client.read();
    expect([read.body.status, errorOf(read)?.code]).toEqual(["FAILED", "PUSH_DENIED"]);
    expect((await client.device(people.push.devices[0].id)).status).toBe(400);
  });

  it.each([
    ["body-4xx", 400, undefined],
    ["open-200", 200, "PUSH_CONFIRMATION_REQUIRED"],
  ] as const)(
    "is told by reads with reasonsIn %s, and can be sent again",
    async (reasonsIn, http, status) => {
      const { client, clock, answer } = await pushed({ reasonsIn });
      await answer("deny");
      clock.advance(10 * 60_000);
      const read = await client.read();
      expect([read.status, read.body.status]).toEqual([http, status]);
      expect(detailOf(read)?.code ?? errorOf(read)?.code).toBe("PUSH_DENIED");
      expect(await answer("approve")).toBe(400);
      await client.device(people.push.devices[0].id);
      expect((await client.read()).body).toMatchObject({ status: "PUSH_CONFIRMATION_REQUIRED" });
      expect(await answer("approve")).toBe(200);
      expect((await client.read()).body).not.toHaveProperty("error");
      expect((await client.resume()).status).toBe(200);
    },
  );

  it("is nobody's reason where it counts as a time-out", async () => {
    const { client, answer } = await pushed({
      pushDenial: "PUSH_CONFIRMATION_TIMED_OUT",
      reasonsIn: "open-200",
    });
    await answer("deny");
    const read = await client.read();
    expect([read.body.status, errorOf(read)]).toEqual(["PUSH_CONFIRMATION_TIMED_OUT", undefined]);
  });

  it("leaves a flow that a fault has ended as it ended", async () => {
    const { simulator, client, clock, answer } = await pushed({});
    simulator.faults.script({ kind: "failed", on: "read", code: "NO_USABLE_DEVICES" });
    await client.read();
    expect(await answer("approve")).toBe(400);
    clock.advance(5 * 60_000);
    const read = await client.read();
    expect([read.body.status, errorOf(read)?.code]).toEqual(["FAILED", "NO_USABLE_DEVICES"]);
  });
});
