import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { findRetries, shippedSources } from "./kit/source-scan.ts";

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

describe("the source of a once-only step", () => {
  const sources = shippedSources();

  it("is all read", () => {
    const paths = sources.map(({ path }) => path);
    expect(paths).toContain("lib/pingone/send.ts");
    expect(paths).toContain("lib/flow/step.ts");
    expect(paths).toContain("functions/password.ts");
  });

  it("has nothing in it that would send it again", () => {
    expect(findRetries(sources)).toEqual([]);
  });

  it("depends on no package that would", () => {
    const { dependencies } = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8")));
    expect(
      Object.keys(dependencies).filter((name) => /retry|axios|\bgot\b|undici|\bky\b/.test(name)),
    ).toEqual([]);
  });

  it.each([
    ["lib/pingone/send.ts", "request({ agent: new Agent({ keepAlive: true }) })"],
    ["lib/pingone/client.ts", "send(request, 1, connections.kept)"],
    ["lib/pingone/harmless.ts", "send(a); send(a); send(a);"],
    ["lib/pingone/client.ts", "sendHarmless(a); sendHarmless(a);"],
    ["lib/pingone/client.ts", "sendHarmless(keysRequest(a)); sendHarmless(keysRequest(a));"],
    ["lib/pingone/client.ts", "const settings = { maxRetries: 2 };"],
    ["lib/pingone/client.ts", "send(request, 1); if (failed) send(request, 1);"],
    ["lib/pingone/client.ts", "while (!answered) answered = await ask();"],
    ["lib/pingone/requests.ts", "await fetch(url)"],
    ["lib/flow/step.ts", "await provider.act(a); await provider.act(a);"],
    ["lib/flow/step.ts", "await askForStep(a); await askForStep(a);"],
    ["lib/flow/settle.ts", "await askWhatBecame(a); await askForStep(a); await provider.read(a);"],
    ["lib/flow/ask.ts", "provider.act(a); provider.start(a); provider.act(a);"],
    ["lib/flow/ask.ts", "while (true) ask();"],
    ["lib/flow/conclude.ts", "await askForStep(a);"],
    ["lib/flow/decide.ts", "await provider.act(a);"],
    ["functions/otp.ts", "retry(() => step(flows, call))"],
    ["lib/http/endpoint.ts", "const retryOptions = 3;"],
  ])("would not get past the scan: %s, %s", (path, code) => {
    expect(findRetries([{ path, code }])).toHaveLength(1);
  });
});
