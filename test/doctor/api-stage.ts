import { onTestFinished } from "vitest";
import type { Terminal } from "../../infra/doctor/api/hands.ts";
import { doctor } from "../../infra/doctor/doctor.ts";
import type { Environment } from "../../infra/environment.ts";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { dev } from "../../infra/environments/dev.ts";
import { policyNames } from "../simulator/policies.ts";
import { createProduct, type Product } from "../support/product.ts";
import { noNameLimits, registered } from "../support/stand-in.ts";
import { nobody } from "./nobody.ts";

/** A fetch, or what stands in its place. */
export type Fetch = typeof globalThis.fetch;

/** A deployed API, and a doctor for it. */
export interface ApiStage {
  readonly product: Product;
  settings: Environment;
  url: string;
  fetch: Fetch;
  terminal: Terminal;
  visit(): Promise<{
    readonly code: number;
    readonly lines: readonly string[];
    readonly findings: readonly string[];
  }>;
}

/** A page that the API lets call it. */
const origin = "https://shop.test";

/** Brings the product up, and settings that fit it: nothing is wrong, to begin with. */
export async function openApi(): Promise<ApiStage> {
  const product = await createProduct({ ...noNameLimits, ALLOWED_ORIGINS: origin });
  onTestFinished(() => product.close());
  const { mobile, web } = registered;
  const stage: ApiStage = {
    product,
    settings: {
      ...dev,
      pingOne: { ...dev.pingOne, baseUrl: product.simulator.baseUrl },
      allowedOrigins: [origin],
      applications: {
        mobile: application(mobile, policyNames),
        web: { ...application(web, ["Single_Factor"]), clientAuthentication: "basic" },
      },
    },
    url: product.api,
    fetch: (...request) => globalThis.fetch(...request),
    terminal: nobody,
    visit: async () => {
      const printed: string[] = [];
      const code = await doctor(["-c", "env=dev", "--api", stage.url], {
        environmentNamed: () => checkEnvironment(stage.settings),
        fetch: (...request) => stage.fetch(...request),
        now: () => product.clock.now(),
        print: (line) => printed.push(line),
        aws: {},
        terminal: stage.terminal,
      });
      const lines = printed.join("\n").split("\n");
      return { code, lines, findings: lines.filter((line) => line.startsWith("✗")) };
    },
  };
  return stage;
}

function application(
  { clientId, redirectUris, scopes }: (typeof registered)["mobile" | "web"],
  policies: readonly string[],
): Environment["applications"][string] {
  return { clientId, redirectUri: redirectUris[0], scopes: [...scopes], policies: [...policies] };
}

/** Changes some requests, or answers them in the API's place. */
export function meddle(
  matches: (url: string, init: RequestInit) => boolean,
  does: (url: string, init: RequestInit) => Promise<Response>,
): Fetch {
  return (input, init = {}) => {
    const url = String(input);
    return matches(url, init) ? does(url, init) : globalThis.fetch(url, init);
  };
}
