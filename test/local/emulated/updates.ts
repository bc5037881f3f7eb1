import { isDeepStrictEqual } from "node:util";
import type { StepName } from "../../../lib/flow/steps.ts";
import { callApi, FlowClient } from "../../support/flow-client.ts";
import { sceneBefore } from "../../support/step-scenes.ts";
import { type Proving, SignOn } from "../proof.ts";
import { added, dropped, statement } from "./next-release.ts";
import type { EmulatedStack } from "./stack.ts";

/** An update did something that it must not do. The message says what. */
export class UpdateFailed extends Error {
  override readonly name = "UpdateFailed";
}

/** The steps before which sign-ons stand while the release changes. */
const standing: readonly StepName[] = ["password", "otp", "device", "consent", "resume"];

/** How updates are made. */
export interface Updating {
  readonly proving: Proving;
  readonly stack: EmulatedStack;
  /** Deploys the next release, or the own one again. */
  readonly release: (which: "next" | "own") => Promise<void>;
}

/**
 * Updates what is deployed, and takes the update back, each time with sign-ons under way: they end in
 * verified ID tokens, and the table and the keys stay.
 *
 * @throws UpdateFailed or ProofFailed where they don't
 */
export async function proveUpdates({ proving, stack, release }: Updating): Promise<void> {
  const kept = await stack.idsOf("AWS::DynamoDB::Table", "AWS::KMS::Key");
  const versions = await stack.idsOf("AWS::Lambda::Version");
  const before = await underWay(standing, proving);
  const old = await startedFlow(proving);
  await release("next");
  await ended(before, proving);
  await expectNext(proving, stack, [...kept.values()]);
  await expectUnreadable(old, stack);

  const during = await underWay(
    standing.filter((step) => step !== "consent"),
    proving,
  );
  await release("own");
  await ended(during, proving);
  const now = await stack.idsOf("AWS::DynamoDB::Table", "AWS::KMS::Key");
  expect(isDeepStrictEqual(now, kept) && kept.size > 1, "the table and the keys have changed");
  const versionsNow = await stack.idsOf("AWS::Lambda::Version");
  expect(
    isDeepStrictEqual([...versionsNow.keys()], [...versions.keys()]),
    "the rollback left other versions",
  );
  proving.print(`  ✔ the table and ${kept.size - 1} keys are the ones from before`);
}

type Begun = ReadonlyMap<StepName, SignOn>;

async function underWay(steps: readonly StepName[], proving: Proving): Promise<Begun> {
  const begun = new Map<StepName, SignOn>();
  for (const step of steps) {
    const signOn = new SignOn(sceneBefore(step, proving.simulator), proving);
    await signOn.begin();
    begun.set(step, signOn);
  }
  proving.print(`  ✔ sign-ons under way, before ${steps.join(", ")}`);
  return begun;
}

async function ended(begun: Begun, { print }: Proving): Promise<void> {
  for (const [step, signOn] of begun) await signOn.endBy(step);
  print(`  ✔ ${begun.size} sign-ons that began before this release have ended in it`);
}

async function startedFlow({ api }: Proving): Promise<FlowClient> {
  const client = new FlowClient(api);
  await client.start();
  return client;
}

/** The next release has its bound, its origin, its policies, and its statement in the keys' policies. */
async function expectNext(
  { api, print }: Proving,
  stack: EmulatedStack,
  ids: readonly string[],
): Promise<void> {
  const refused = await new FlowClient(api).start({ policy: dropped });
  expect(refused.http === 400, `a start under ${dropped} is answered ${refused.http}`);
  const named = await callApi(api, "POST", "/flows", { body: {}, headers: { origin: added } });
  expect(named.headers.get("access-control-allow-origin") === added, `${added} is not allowed`);
  const keys = ids.filter((id) => /^[0-9a-f-]{36}$/.test(id));
  const policies = await Promise.all(keys.map((id) => stack.policyOf(id)));
  expect(
    policies.length > 0 && policies.every((policy) => policy.includes(statement)),
    "a key's policy is the old one",
  );
  print("  ✔ the policy, the origin and the keys' policies are the next release's");
}

/** A row in a format that this release doesn't read is no flow to go on with, and no failure either. */
async function expectUnreadable(client: FlowClient, stack: EmulatedStack): Promise<void> {
  await stack.reformat(client.flowId, 0);
  const { http, body } = await client.status();
  expect(http === 409 && body.error === "restart-required", `a row of another format is answered ${http}`);
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new UpdateFailed(`After the update ${otherwise}.`);
}
