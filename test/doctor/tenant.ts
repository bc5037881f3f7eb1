import { onTestFinished } from "vitest";
import { doctor } from "../../infra/doctor/doctor.ts";
import type { Environment } from "../../infra/environment.ts";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { dev } from "../../infra/environments/dev.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import type { Switches } from "../simulator/switches.ts";
import { nobody } from "./nobody.ts";

/** What the command did. */
interface Visit {
  readonly code: number;
  /** Every line, as printed. */
  readonly lines: readonly string[];
  /** The lines of findings. */
  readonly findings: readonly string[];
}

/** A tenant that the simulator plays, and the settings of an environment on it: both right, to begin with. */
export interface Tenant {
  readonly simulator: Simulator;
  settings: Environment;
  /** How its calls leave, and by which clock. */
  fetch: typeof globalThis.fetch;
  now: () => number;
  /** Registers the application anew, with some members changed at PingOne. */
  register(changes?: object): Promise<void>;
  /** Changes the application's settings on our side. */
  set(changes: Partial<Environment["applications"][string]>): void;
  visit(args?: readonly string[]): Promise<Visit>;
}

const clientId = "7d1c0a52-9b7e-4a43-8f0e-3a5b9c2d1e01";
const redirectUri = "https://shop.test/back";

/** Starts a tenant that nothing is wrong with. */
export async function openTenant(switches: Partial<Switches> = {}): Promise<Tenant> {
  const now = () => Date.UTC(2026, 0, 5, 9, 0, 0);
  const simulator = await startSimulator({
    clock: { now },
    switches: { redirectUri: "optional-with-pi.flow", ...switches },
  });
  onTestFinished(() => simulator.close());
  const tenant: Tenant = {
    simulator,
    settings: settingsAt(simulator.baseUrl),
    fetch: (...request) => globalThis.fetch(...request),
    now,
    register: (changes = {}) => register(simulator, changes),
    set(changes) {
      const [[name, application] = ["shop", undefined]] = Object.entries(this.settings.applications);
      if (application === undefined) throw new Error("There is no application.");
      this.settings = { ...this.settings, applications: { [name]: { ...application, ...changes } } };
    },
    async visit(args = ["-c", "env=dev"]) {
      const printed: string[] = [];
      const code = await doctor(args, {
        environmentNamed: () => checkEnvironment(this.settings),
        fetch: (...request) => this.fetch(...request),
        now: () => this.now(),
        print: (line) => printed.push(line),
        aws: {},
        terminal: nobody,
      });
      const lines = printed.join("\n").split("\n");
      return { code, lines, findings: lines.filter((line) => line.startsWith("✗")) };
    },
  };
  await tenant.register();
  return tenant;
}

function settingsAt(baseUrl: string): Environment {
  return {
    ...dev,
    pingOne: { ...dev.pingOne, baseUrl },
    allowedOrigins: [],
    applications: {
      shop: {
        clientId,
        redirectUri,
        scopes: ["openid", "profile"],
        policies: ["Single_Factor", "Multi_Factor"],
      },
    },
  };
}

async function register({ origin }: Simulator, changes: object): Promise<void> {
  const registration = {
    ...{ clientId, redirectUris: [redirectUri], pkceEnforcement: "S256_REQUIRED" },
    ...changes,
  };
  const response = await fetch(`${origin}/_simulator/applications`, {
    method: "POST",
    body: JSON.stringify(registration),
  });
  if (response.status !== 201) throw new Error(`The simulator took no such application: ${response.status}.`);
}

/** Puts another base URL into the settings. */
export function at(tenant: Tenant, baseUrl: string): void {
  tenant.settings = { ...tenant.settings, pingOne: { ...tenant.settings.pingOne, baseUrl } };
}

/** Puts the clock of the command off. */
export function clockOff(tenant: Tenant, ms: number): void {
  const { now } = tenant;
  tenant.now = () => now() + ms;
}

/** Where the settings stand that tests have. */
export const file = "infra/environments/dev.ts";
