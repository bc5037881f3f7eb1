import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { dev } from "../../infra/environments/dev.ts";
import { file } from "./tenant.ts";

describe("npm run doctor", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));

  async function run(args: readonly string[], env = {}) {
    const child = spawn(process.execPath, ["infra/doctor/main.ts", ...args], { cwd: root, env });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [out, err] = [text(child.stdout), text(child.stderr)];
    const [code] = await once(child, "close");
    return { code, out: await out, err: await err };
  }

  it("names the placeholders of an environment that nobody has made theirs, and calls nobody", async () => {
    const { code, out, err } = await run(["-c", "env=dev"]);
    expect(err).toBe("");
    expect(out.split("\n").slice(0, 4)).toEqual([
      `PingOne at ${dev.pingOne.baseUrl}: 0 harmless calls.`,
      ...["pingOne.baseUrl", "applications.mobile.clientId", "applications.mobile.redirectUri"].map(
        (setting) =>
          expect.stringMatching(`^✗ placeholder: ${setting}: This is a placeholder\\. .* → ${file};`),
      ),
    ]);
    expect(code).toBe(1);
  });

  it.each([
    [[], /^✗ settings: Name an environment with -c env=…: dev, /],
    [["-c", "env=nowhere"], /^✗ settings: Name an environment with -c env=…: dev, /],
    [["-c", "env=dev", "--password", "x"], /^Usage: npm run doctor -- -c env=dev/],
    [["-c", "https://ann:secret@api.example=1"], /^Usage: npm run doctor -- -c env=dev/],
    [["-c", "colour=red"], /^There is no -c colour=\. Usage: /],
  ])("explains %j in one line", async (args, line) => {
    const { code, out, err } = await run(args);
    expect(out).toMatch(line);
    expect(out.trim().split("\n")).toHaveLength(1);
    expect(err).toBe("");
    expect(code).toBe(1);
  });

  it("looks for an emulator on this machine alone", async () => {
    const elsewhere = { AWS_ENDPOINT_URL: "https://kms.eu-west-1.amazonaws.com" };
    const { code, out, err } = await run(["-c", "env=emulator", "--account"], elsewhere);
    expect(out).toMatch(/^AWS_ENDPOINT_URL is no address of this machine, so nothing was sent: [^\n]*\n$/);
    expect([err, code]).toEqual(["", 1]);
  });
});
