import { people } from "../simulator/people.ts";
import { type ApiReply, callApi, type FlowClient } from "../support/flow-client.ts";
import type { Journey, Seen } from "./journey.ts";

const { username, password } = people.passwordOnly;

/** Journeys that begin and end at tokens: by both shapes of the product. */
export const sessionJourneys: readonly Journey[] = [
  {
    name: "a step-up by ID token, to tokens, and another one that is refused",
    seen: [
      "201 USERNAME_PASSWORD_REQUIRED",
      "200 COMPLETED",
      "200 code",
      "200 tokens",
      "201 OTP_REQUIRED",
      "200 COMPLETED",
      "200 code",
      "200 tokens",
      "john@example.com",
      "400 request-invalid",
    ],
    async *run(world) {
      const client = world.client();
      const name = people.emailOtp.username;
      yield { reply: await client.start({ application: "web", policy: "Single_Factor" }) };
      yield { reply: await client.step("password", { username: name, password }) };
      const { body } = yield* redeemed(client);
      const again = world.client();
      yield { reply: await again.start({ application: "web", idToken: body.id_token ?? "" }) };
      yield { reply: await again.step("otp", { otp: world.code(name) }) };
      const proved = yield* redeemed(again);
      const { preferred_username, amr } = await world.redeem(again, proved);
      yield { claims: { name: preferred_username, amr } };
      yield { reply: await world.client().start({ application: "office", idToken: body.id_token ?? "" }) };
    },
  },
  {
    name: "a sign-off, which ends the session's tokens",
    seen: [
      "201 USERNAME_PASSWORD_REQUIRED",
      "200 COMPLETED",
      "200 code",
      "200 tokens",
      "204",
      "404 flow-not-found",
      "422 refresh-rejected",
    ],
    async *run(world) {
      const client = world.client();
      yield { reply: await client.start({ application: "office", policy: "Single_Factor" }) };
      yield { reply: await client.step("password", { username, password }) };
      const { body } = yield* redeemed(client);
      yield { reply: await client.cancel() };
      yield { reply: await client.status() };
      const refreshToken = body.refresh_token ?? "";
      const renewal = { application: "office", refreshToken };
      yield { reply: await callApi(world.api, "POST", "/tokens", { body: renewal }) };
    },
  },
];

async function* redeemed(client: FlowClient): AsyncGenerator<Seen, ApiReply> {
  yield { reply: await client.step("resume") };
  const reply = await client.step("token", { codeVerifier: client.pkce.verifier });
  yield { reply };
  return reply;
}
