import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Definition, readDefinition } from "../local/workflow/definition.ts";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import { callApi, createPkce } from "../support/flow-client.ts";
import { historyCanaries } from "../support/history-canaries.ts";
import {
  errorOf,
  type MonitorRun,
  monitorSecretOf,
  runMonitor,
  triesOf,
  underPolicy,
} from "../support/monitoring.ts";
import { atState, fails, putsOut } from "../support/platforms.ts";
import { standInAws } from "../support/stand-in.ts";
import { nobodysChallenge } from "../support/workflow-calls.ts";
import { endingErrors, retryableErrors } from "../support/workflow-errors.ts";
import { createWorkflowProduct, type RunOptions, type WorkflowProduct } from "../support/workflow-product.ts";

const check = "usernamePassword.check";
const { username, password } = people.passwordOnly;

let product: WorkflowProduct;
let monitor: Definition;
let secretName: string;
beforeAll(async () => {
  product = await createWorkflowProduct({ switches: { cookiesAt: "authorize" } });
  monitor = product.definition("SignOnMonitor");
  secretName = monitorSecretOf(monitor);
});
afterAll(() => product?.close());
afterEach(() => {
  product.calm();
  product.secrets.put(secretName, JSON.stringify({ username, password }));
});

const signsOn = (person: { readonly username: string }, secret: string = password) =>
  product.secrets.put(secretName, JSON.stringify({ username: person.username, password: secret }));
const changed = (from: string, to: string) => readDefinition(monitor.text.replaceAll(from, to));
const fault = (one: Fault) => product.simulator.faults.script(one);

const watch = (definition: Definition, options?: RunOptions) => runMonitor(product, definition, options);

describe("the monitor", () => {
  it("signs on with a password", async () => {
    signsOn(people.passwordOnly);
    const seen = await watch(monitor);
    expect(seen.ending).toMatchObject({ status: "SUCCEEDED", state: "Monitored" });
    expect(seen.execution.visited).toEqual([
      ...["Start", "Next step?", "Password", "Next step?", "Resume", "Monitored"],
    ]);
    expect(seen.asked).toEqual(["authorize", check, "resume"]);
  });

  it("signs on with a name first, where the policy asks for it", async () => {
    const seen = await watch(underPolicy(monitor, "Identifier_First"));
    expect(seen.ending).toMatchObject({ status: "SUCCEEDED", state: "Monitored" });
    expect(seen.asked).toEqual(["authorize", "user.lookup", check, "resume"]);
  });

  it("leaves the code where it is: whoever holds the flow redeems it", async () => {
    const { verifier, challenge } = createPkce();
    const seen = await watch(changed(nobodysChallenge, challenge));
    expect(errorOf(seen)).toBe("SUCCEEDED");
    const { flowId, token } = await lastKey(seen);
    const reply = await callApi(product.api, "POST", `/flows/${flowId}/resume`, { token });
    expect(reply.http).toBe(200);
    const { sub } = await product.redeem(reply, verifier);
    expect(sub).toBe(people.passwordOnly.id);
    const canaries = historyCanaries(product);
    canaries.add("code", reply.body.code ?? "");
    expect(canaries.in(seen.execution.history)).toEqual([]);
  });
});

/** What the last state was given, opened as only somebody with every right to the key can. */
async function lastKey({ execution }: MonitorRun): Promise<{ flowId: string; token: string }> {
  const parameters = JSON.stringify(execution.tries.at(-1)?.parameters);
  const [, flowId = ""] = /"flowId":"([^"]+)"/.exec(parameters) ?? [];
  const [, sealed = ""] = /"sealedFlowToken":"([^"]+)"/.exec(parameters) ?? [];
  const client = new KMSClient({ ...standInAws, endpoint: product.kms.endpoint });
  const { ENVIRONMENT: environment = "" } = product.pool("start").definition.variables;
  const { Plaintext = new Uint8Array() } = await client.send(
    new DecryptCommand({
      CiphertextBlob: Buffer.from(sealed, "base64"),
      EncryptionContext: { purpose: "flow-token", environment, flowId },
    }),
  );
  client.destroy();
  return { flowId, token: Buffer.from(Plaintext).toString("base64url") };
}

describe("the monitor fails by name where", () => {
  const cases: [string, string, () => Promise<MonitorRun>][] = [];
  const where = (what: string, error: string, run: () => Promise<MonitorRun>) =>
    cases.push([what, error, run]);

  where("the password is wrong", "CredentialsRejected", () => {
    signsOn(people.passwordOnly, "Not-The-One-7");
    return watch(monitor);
  });
  where("the account is locked", "LockedOut", () => {
    signsOn(people.lockedForever);
    return watch(monitor);
  });
  const rejectedAs = (error: string) => {
    const output = { flowId: "f", status: "PASSWORD_REQUIRED", next: ["password"], error };
    return watch(monitor, { platform: atState("Password", putsOut(output)) });
  };
  where("a code was rejected", "OtpRejected", () => rejectedAs("otp-rejected"));
  where("a step was rejected as nobody knew", "something-new", () => rejectedAs("something-new"));
  where("PingOne ends the flow", "FlowFailed", () => {
    fault({ on: check, kind: "failed", code: "MFA_DISABLED" });
    return watch(monitor);
  });
  where("PingOne speaks another protocol", "UnsupportedStep", () => {
    fault({ on: check, kind: "davinci" });
    return watch(monitor);
  });
  where("PingOne asks for a code", "UnexpectedStep", () => {
    signsOn(people.emailOtp);
    return watch(underPolicy(monitor, "Multi_Factor"));
  });
  where("PingOne asks for something unknown", "UnexpectedStep", () => {
    fault({ on: check, kind: "unknown-status", status: "SOMETHING_NEW" });
    return watch(monitor);
  });
  where("the secret is gone", "RequestInvalid", () => {
    product.secrets.put(secretName, "");
    return watch(monitor);
  });
  where("KMS refuses", "Internal", () => {
    product.kms.plan({ kind: "delayed", until: Promise.resolve() });
    product.kms.plan({ kind: "refused", name: "AccessDeniedException" });
    return watch(monitor);
  });
  where("PingOne did not take the password", "NoProgress", () => {
    fault({ on: check, kind: "reset", applied: false });
    return watch(monitor);
  });
  where("PingOne has forgotten the flow", "RestartRequired", () => {
    fault({ on: check, kind: "reset", applied: false });
    fault({ on: "read", kind: "status", status: 404 });
    return watch(monitor);
  });

  it.each(cases)("%s: %s", async (_, error, run) => {
    const seen = await run();
    expect(seen.ending).toMatchObject({ status: "FAILED", error });
    expect(seen.asked.filter((action) => action === check).length).toBeLessThanOrEqual(1);
  });
});

describe("an error of a step", () => {
  it.each(
    endingErrors.flatMap((name) => ["Start", "Password", "Resume"].map((state) => [name, state] as const)),
  )("%s of %s ends the monitor by its own name, at the first try", async (name, state) => {
    const seen = await watch(monitor, { platform: atState(state, fails(name)) });
    expect(seen.ending).toMatchObject({ status: "FAILED", error: name });
    expect(triesOf(seen, state)).toBe(1);
  });

  it.each(retryableErrors)("%s is tried again, and for ever it isn't", async (name) => {
    for (const state of ["Start", "Password", "Resume"]) {
      const { Retry = [] } = monitor.states.get(state) ?? {};
      const [{ MaxAttempts = 0 } = {}] = Retry.filter(({ ErrorEquals }) => ErrorEquals.includes(name));
      expect(MaxAttempts).toBeGreaterThan(0);
      const some = Array.from({ length: MaxAttempts }, () => fails(name));
      const saved = await watch(monitor, { platform: atState(state, ...some) });
      expect([state, saved.ending.status, triesOf(saved, state)]).toEqual([
        state,
        "SUCCEEDED",
        MaxAttempts + 1,
      ]);
      const given = await watch(monitor, { platform: atState(state, ...some, fails(name)) });
      expect([errorOf(given), triesOf(given, state)]).toEqual([name, MaxAttempts + 1]);
    }
  });

  it("is tried again after what PingOne said to wait", async () => {
    fault({ on: check, kind: "status", status: 429, retryAfter: 3 });
    const seen = await watch(monitor);
    expect(seen.ending).toMatchObject({ state: "Monitored" });
    expect(triesOf(seen, "Password")).toBeGreaterThan(1);
    expect(seen.asked.filter((action) => action === check)).toHaveLength(2);
  });
});

it("the history of all these runs holds no secret", () => {
  const canaries = historyCanaries(product);
  expect(canaries.size).toBeGreaterThan(20);
  expect(canaries.in(product.history())).toEqual([]);
});
