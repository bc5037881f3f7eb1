import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { dev } from "../../infra/environments/dev.ts";
import { emulatorAt } from "../../infra/environments/emulator.ts";
import { prod } from "../../infra/environments/prod.ts";
import { staging } from "../../infra/environments/staging.ts";
import { placeholderFaults } from "../../infra/placeholders.ts";
import { currentAssembly } from "../local/deployed/synthesis.ts";
import { applications } from "../simulator/applications.ts";
import { DEFAULT_ENVIRONMENT_ID } from "../simulator/simulator.ts";

const run = promisify(execFile);

/** `dev` as somebody has it who has put in what is theirs. */
const own = {
  ...dev,
  pingOne: { ...dev.pingOne, baseUrl: "https://auth.pingone.eu/abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6" },
  applications: {
    mobile: { ...dev.applications.mobile, clientId: "abfba8f6", redirectUri: "eu.sunrise.app://callback" },
  },
};

const Manifest = z.object({
  artifacts: z.record(z.string(), z.looseObject({ environment: z.string().optional() })),
});

describe("the placeholders", () => {
  it.each([dev, staging, prod])(
    "of $name are marked where they stand, and nothing else is",
    ({ name, ...rest }) => {
      const lines = readFileSync(`infra/environments/${name}.ts`, "utf8").split("\n");
      const marked = lines.filter((line) => line.endsWith(" // placeholder"));
      const values = marked.flatMap((line) => [...line.matchAll(/"([^"]+)"/g)].map(([, value]) => value));
      const found = placeholderFaults({ name, ...rest }).map((fault) => valueAt({ ...rest }, fault));
      expect(found.toSorted()).toEqual(values.toSorted());
      expect(found.length).toBeGreaterThan(2);
    },
  );

  it("are refused by name, one sentence each, and nothing is synthesized", async () => {
    const failed = await run(process.execPath, ["infra/app.ts"], {
      env: { CDK_CONTEXT_JSON: JSON.stringify({ env: "dev" }), TMPDIR: tmpdir() },
    }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 1,
      stdout: "",
      stderr:
        "pingOne.baseUrl: This is a placeholder. Put your own id there.\n" +
        "applications.mobile.clientId: This is a placeholder. Put your own id there.\n" +
        "applications.mobile.redirectUri: This is a placeholder. Put a scheme of your own there.\n",
    });
  });

  it("of each kind are found wherever they stand", () => {
    const domain = { ...prod.domain };
    const { workflows, alarms, allowedOrigins } = prod;
    expect(
      placeholderFaults({ ...own, domain, workflows, alarms, allowedOrigins: [...allowedOrigins] }),
    ).toEqual([
      "allowedOrigins.0: This is a placeholder. Put a name of your own there.",
      "allowedOrigins.1: This is a placeholder. Put a name of your own there.",
      "domain.name: This is a placeholder. Put a name of your own there.",
      "domain.certificateArn: This is a placeholder. Put an ARN in your own account there.",
      "workflows.handOver: This is a placeholder. Put an ARN in your own account there.",
      "workflows.afterSignOn: This is a placeholder. Put an ARN in your own account there.",
      "alarms.mail: This is a placeholder. Put a name of your own there.",
    ]);
  });

  it("are none of somebody's own values", () => {
    expect(placeholderFaults(own)).toEqual([]);
    const alike = ["https://myexample.com", "https://example.community", "https://example.co"];
    expect(placeholderFaults({ ...own, allowedOrigins: alike })).toEqual([]);
  });

  it("are let through for a look, in the account that nobody has", async () => {
    const manifest = readFileSync(join(await currentAssembly("dev"), "manifest.json"), "utf8");
    const { artifacts } = Manifest.parse(JSON.parse(manifest));
    expect(artifacts["sign-on-dev"]?.environment).toBe("aws://000000000000/eu-west-1");
  });
});

describe("the emulator's environment", () => {
  const emulator = emulatorAt({});
  it("belongs to nobody's account, so its names may be the simulator's", () => {
    expect(emulator.account).toBe("000000000000");
    expect(placeholderFaults(emulator)).toEqual([]);
    expect(placeholderFaults({ ...emulator, account: "111111111111" })).toHaveLength(1);
  });

  it("is set for the simulator as it starts: its environment, and an application of its own", () => {
    const { mobile } = emulator.applications;
    const { public: application } = applications;
    expect(emulator.pingOne.baseUrl).toBe(`http://127.0.0.1:9031/${DEFAULT_ENVIRONMENT_ID}`);
    expect(mobile?.clientId).toBe(application.clientId);
    expect(application.redirectUris).toContain(mobile?.redirectUri);
    expect(application.scopes).toEqual(expect.arrayContaining([...(mobile?.scopes ?? [])]));
    expect(mobile?.policies.toSorted()).toEqual([...application.policies].toSorted());
  });
});

/** What the setting says that a sentence names. */
function valueAt(settings: unknown, fault: string): unknown {
  const path = fault.slice(0, fault.indexOf(":")).split(".");
  return path.reduce(
    (value, key) => z.record(z.string(), z.unknown()).parse({ ...Object(value) })[key],
    settings,
  );
}
