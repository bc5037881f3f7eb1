import { people } from "../simulator/people.ts";
import { type ApiReply, FlowClient } from "../support/flow-client.ts";
import { redeem } from "../support/redeem.ts";

/** Where the proof sign-ons are made. */
export interface Proving {
  /** The public API. */
  readonly api: string;
  readonly pingOne: string;
  readonly clientId: string;
  /** The last code sent to a person. */
  readonly code: (username: string) => string;
  readonly print: (line: string) => void;
}

/** A proof sign-on took another way than it should have. The message says where, and no more. */
export class ProofFailed extends Error {
  override readonly name = "ProofFailed";
}

/**
 * Signs seeded people on through the public API, each until an ID token has been verified.
 *
 * @throws ProofFailed at the first reply that is not the one expected
 */
export async function prove(proving: Proving): Promise<void> {
  await password(proving);
  await lookupThenOtp(proving);
  await passwordThenDeviceThenOtp(proving);
}

async function password(proving: Proving): Promise<void> {
  const { username, password } = people.passwordOnly;
  const client = new FlowClient(proving.api);
  const trail = trailOf("password", proving);
  trail.took("start", await client.start({ policy: "Single_Factor" }), "USERNAME_PASSWORD_REQUIRED");
  trail.took("password", await client.step("password", { username, password }), "COMPLETED");
  await finish(proving, client, trail, username);
}

async function lookupThenOtp(proving: Proving): Promise<void> {
  const { username } = people.emailOtp;
  const client = new FlowClient(proving.api);
  const trail = trailOf("lookup, one-time passcode", proving);
  trail.took("start", await client.start({ policy: "Passwordless" }), "SIGN_ON_REQUIRED");
  trail.took("lookup", await client.step("lookup", { username }), "OTP_REQUIRED");
  trail.took("otp", await client.step("otp", { otp: proving.code(username) }), "COMPLETED");
  await finish(proving, client, trail, username);
}

async function passwordThenDeviceThenOtp(proving: Proving): Promise<void> {
  const { username, password, devices } = people.twoDevices;
  const deviceId = devices[0].id;
  const client = new FlowClient(proving.api);
  const trail = trailOf("password, choice of device, one-time passcode sent twice", proving);
  trail.took("start", await client.start({ policy: "Multi_Factor" }), "USERNAME_PASSWORD_REQUIRED");
  trail.took("password", await client.step("password", { username, password }), "DEVICE_SELECTION_REQUIRED");
  trail.took("device", await client.step("device", { deviceId }), "OTP_REQUIRED");
  const first = proving.code(username);
  trail.took("device", await client.step("device", { deviceId }), "OTP_REQUIRED");
  if (proving.code(username) === first) throw new ProofFailed("The second code is the first one.");
  trail.took("otp", await client.step("otp", { otp: proving.code(username) }), "COMPLETED");
  await finish(proving, client, trail, username);
}

async function finish(proving: Proving, client: FlowClient, trail: Trail, username: string): Promise<void> {
  const { code, redirectUri } = (await client.step("resume")).body;
  if (code === undefined || redirectUri === undefined) {
    throw new ProofFailed(`${trail.title}: resume gave no code.`);
  }
  const { pingOne: baseUrl, clientId } = proving;
  const { verifier } = client.pkce;
  const claims = await redeem({ baseUrl, clientId, code, redirectUri, verifier, now: Date.now() });
  if (claims["preferred_username"] !== username) {
    throw new ProofFailed(`${trail.title}: the ID token is not ${username}'s.`);
  }
  trail.end(`ID token verified for ${username}`);
}

interface Trail {
  readonly title: string;
  took(step: string, reply: ApiReply, status: string): void;
  end(result: string): void;
}

function trailOf(title: string, { print }: Proving): Trail {
  const taken: string[] = [];
  return {
    title,
    took: (step, { body, http }, status) => {
      if (body.status !== status) throw new ProofFailed(`${title}: ${step} answered ${http}, not ${status}.`);
      taken.push(step);
    },
    end: (result) => print(`  ✔ ${title}\n      ${[...taken, "resume", "token"].join(" → ")}: ${result}`),
  };
}
