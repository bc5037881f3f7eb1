import { randomUUID } from "node:crypto";
import { people } from "../simulator/people.ts";
import type { FlowClient } from "../support/flow-client.ts";
import type { Journey, Seen, World } from "./journey.ts";
import { sessionJourneys } from "./session-journeys.ts";

const { username, password } = people.passwordOnly;
const check = "usernamePassword.check";

/** Every journey; the last one leaves its world without PingOne. */
export const journeys: readonly Journey[] = [
  {
    name: "password",
    seen: ["201 USERNAME_PASSWORD_REQUIRED", "200 COMPLETED", "200 code", "ann@example.com"],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start({ policy: "Single_Factor", nonce: "n-0S6_WzA2Mj" }) };
      yield { reply: await client.step("password", { username, password }) };
      yield* finish(world, client);
    },
  },
  {
    name: "password and a code by SMS",
    seen: [
      "201 USERNAME_PASSWORD_REQUIRED",
      "200 OTP_REQUIRED",
      "200 COMPLETED",
      "200 code",
      "sam@example.com",
    ],
    async *run(world) {
      const client = world.client();
      const person = people.smsOtp;
      yield { reply: await client.start({ policy: "Multi_Factor" }) };
      yield { reply: await client.step("password", { username: person.username, password }) };
      yield { reply: await client.step("otp", { otp: world.code(person.username) }) };
      yield* finish(world, client);
    },
  },
  {
    name: "a choice of devices, the code sent again, and the first code too late",
    seen: [
      "201 USERNAME_PASSWORD_REQUIRED",
      "200 DEVICE_SELECTION_REQUIRED",
      "200 OTP_REQUIRED",
      "200 OTP_REQUIRED",
      "422 otp-rejected",
      "200 COMPLETED",
      "200 code",
      "dora@example.com",
    ],
    async *run(world) {
      const client = world.client();
      const { username: name, devices } = people.twoDevices;
      yield { reply: await client.start({ policy: "Multi_Factor" }) };
      yield { reply: await client.step("password", { username: name, password }) };
      yield { reply: await client.step("device", { deviceId: devices[1].id }) };
      const first = world.code(name);
      yield { reply: await client.step("device", { deviceId: devices[1].id }) };
      const second = world.code(name);
      const stale = first === second ? otherThan(second) : first;
      yield { reply: await client.step("otp", { otp: stale }) };
      yield { reply: await client.step("otp", { otp: second }) };
      yield* finish(world, client);
    },
  },
  {
    name: "no password: a wrong code, then the right one",
    seen: [
      "201 SIGN_ON_REQUIRED",
      "200 OTP_REQUIRED",
      "422 otp-rejected",
      "200 COMPLETED",
      "200 code",
      "john@example.com",
    ],
    async *run(world) {
      const client = world.client();
      const name = people.emailOtp.username;
      yield { reply: await client.start({ policy: "Passwordless" }) };
      yield { reply: await client.step("lookup", { username: name }) };
      yield { reply: await client.step("otp", { otp: otherThan(world.code(name)) }) };
      yield { reply: await client.step("otp", { otp: world.code(name) }) };
      yield* finish(world, client);
    },
  },
  {
    name: "the name first, then a wrong and the right password",
    seen: [
      "201 SIGN_ON_REQUIRED",
      "200 PASSWORD_REQUIRED",
      "422 credentials-rejected",
      "200 COMPLETED",
      "200 code",
      "ann@example.com",
    ],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start({ policy: "Identifier_First" }) };
      yield { reply: await client.step("lookup", { username }) };
      yield { reply: await client.step("password", { username, password: "wrong" }) };
      yield { reply: await client.step("password", { username, password }) };
      yield* finish(world, client);
    },
  },
  {
    name: "a repetition with the old token, another request with it, and a step that is not offered",
    seen: [
      "201 USERNAME_PASSWORD_REQUIRED",
      "200 COMPLETED",
      "200 COMPLETED",
      "409 token-superseded",
      "409 wrong-step",
      "200 code",
      "200 code",
      "200 RESUMED",
    ],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start() };
      const { token } = client;
      yield { reply: await client.step("password", { username, password }) };
      yield { reply: await client.step("password", { password, username }, token) };
      yield { reply: await client.step("password", { username, password: "another" }, token) };
      yield { reply: await client.step("otp", { otp: "123456" }) };
      const before = client.token;
      yield { reply: await client.step("resume") };
      yield { reply: await client.step("resume", undefined, before) };
      yield { reply: await client.status() };
    },
  },
  {
    name: "an unknown flow, a stranger's token, and a flow that was cancelled",
    seen: [
      "201 USERNAME_PASSWORD_REQUIRED",
      "404 flow-not-found",
      "404 flow-not-found",
      "400 request-invalid",
      "204",
      "404 flow-not-found",
    ],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start() };
      const stranger = world.client();
      stranger.flowId = randomUUID();
      yield { reply: await stranger.status(client.token) };
      yield { reply: await client.step("password", { username, password }, "A".repeat(43)) };
      stranger.flowId = "no-flow-id";
      yield { reply: await stranger.cancel(client.token) };
      yield { reply: await client.cancel() };
      yield { reply: await client.step("password", { username, password }) };
    },
  },
  {
    name: "two submits at once",
    seen: ["201 USERNAME_PASSWORD_REQUIRED", "200 COMPLETED", "409 step-in-progress"],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start() };
      world.simulator.faults.script({ on: check, kind: "delay", ms: 600_000, applied: "before" });
      const { token } = client;
      const submits = [1, 2].map(() => client.step("password", { username, password }, token));
      // The one that is refused has its reply while PingOne still thinks about the other.
      await Promise.race(submits);
      world.simulator.faults.clear();
      const replies = await Promise.all(submits);
      for (const reply of replies.toSorted((one, other) => one.http - other.http)) yield { reply };
    },
  },
  ...sessionJourneys,
  {
    name: "an answer of PingOne is lost, and the flow is read to learn it",
    seen: ["201 USERNAME_PASSWORD_REQUIRED", "503 outcome-unknown", "200 USERNAME_PASSWORD_REQUIRED"],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start() };
      world.simulator.faults.script({ on: check, kind: "reset", applied: false });
      yield { reply: await client.step("password", { username, password }) };
      yield { reply: await client.status() };
    },
  },
  {
    name: "PingOne wants fewer requests",
    seen: ["201 USERNAME_PASSWORD_REQUIRED", "429 rate-limited", "200 USERNAME_PASSWORD_REQUIRED"],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start() };
      world.simulator.faults.script({ on: check, kind: "status", status: 429, retryAfter: 7 });
      yield { reply: await client.step("password", { username, password }) };
      yield { reply: await client.status() };
    },
  },
  {
    name: "PingOne is down",
    seen: [
      "201 SIGN_ON_REQUIRED",
      "503 upstream-unavailable",
      "200 SIGN_ON_REQUIRED",
      "503 upstream-unavailable",
    ],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start({ policy: "Passwordless" }) };
      await world.simulator.close();
      yield { reply: await client.step("lookup", { username }) };
      yield { reply: await client.status() };
      yield { reply: await world.client().start() };
    },
  },
];

async function* finish(world: World, client: FlowClient): AsyncGenerator<Seen> {
  const reply = await client.step("resume");
  yield { reply };
  const { preferred_username: name, amr } = await world.redeem(client, reply);
  yield { claims: { name, amr } };
}

function otherThan(code: string): string {
  return code === "000000" ? "111111" : "000000";
}
