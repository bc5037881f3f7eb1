import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { people } from "./people.ts";
import { lenientSwitches, strictSwitches } from "./switches.ts";
import { createClient, launch } from "./test-client.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.err += text;
  });
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(output.out)) await once(child.stdout, "data");
    return pattern.exec(output.out)?.[1] ?? "";
  };
  return { child, output, printed, ended: once(child, "close") };
}

describe("main.ts", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("serves, prints each code sent, and ends on %s", async (signal) => {
    const { child, output, printed, ended } = run({
      SIMULATOR_PORT: "0",
      SIMULATOR_SWITCHES: '{"shapes":"2021"}',
    });
    const baseUrl = await printed(/at (http:\S+)\n(?:.*\n)*.*noPassword\n/);
    const { simulator } = await launch();
    const client = createClient({ ...simulator, baseUrl });
    await client.start("Passwordless");
    expect((await client.lookup(people.emailOtp)).body).not.toHaveProperty("otpLength");
    const code = await printed(/code for john@example\.com by EMAIL: (\d{6})\n/);
    expect((await client.otp(code)).body.status).toBe("COMPLETED");
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(output.err).toBe("");
  });

  it.each([
    [{}, lenientSwitches],
    [{ SIMULATOR_SWITCHES: "lenient" }, lenientSwitches],
    [{ SIMULATOR_SWITCHES: "strict" }, strictSwitches],
    [{ SIMULATOR_SWITCHES: '{"rotateST":true}' }, { ...lenientSwitches, rotateST: true }],
  ])("runs with %o by the switches %o", async (env, switches) => {
    const { printed } = run({ SIMULATOR_PORT: "0", ...env });
    const { origin } = new URL(await printed(/at (http:\S+)\n/));
    const response = await fetch(`${origin}/_simulator/switches`);
    expect(await response.json()).toEqual(switches);
  });

  it("has the environment that a client is configured for", async () => {
    const { printed } = run({ SIMULATOR_PORT: "0", SIMULATOR_ENVIRONMENT_ID: "their-environment" });
    const baseUrl = await printed(/at (http:\S+)\n/);
    expect(new URL(baseUrl).pathname).toBe("/their-environment");
    expect((await fetch(`${baseUrl}/as/jwks`)).status).toBe(200);
  });

  it("explains a taken port in one line", async () => {
    const { simulator } = await launch();
    const { output, ended } = run({ SIMULATOR_PORT: new URL(simulator.origin).port });
    expect(await ended).toEqual([1, null]);
    expect(output.err).toBe("Simulator: the port is taken: set SIMULATOR_PORT to a free one.\n");
  });

  it.each([
    [{ SIMULATOR_PORT: "ninety" }, "Simulator: SIMULATOR_PORT is not a port number.\n"],
    [
      { SIMULATOR_ENVIRONMENT_ID: "a/b" },
      "Simulator: SIMULATOR_ENVIRONMENT_ID is not an environment's id.\n",
    ],
    [
      { SIMULATOR_SWITCHES: "{" },
      "Simulator: SIMULATOR_SWITCHES is neither strict, nor lenient, nor JSON.\n",
    ],
    [
      { SIMULATOR_SWITCHES: '{"a":1}' },
      "Simulator: SIMULATOR_SWITCHES names an unknown switch or value: see test/simulator/README.md.\n",
    ],
  ])("refuses %o", async (env, line) => {
    const { output, ended } = run(env);
    expect(await ended).toEqual([1, null]);
    expect(output.err).toBe(line);
  });
});
