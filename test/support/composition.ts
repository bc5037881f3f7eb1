import type { FunctionEnvironment } from "../../lib/config.ts";
import { type HttpApp, httpHandler } from "../../lib/http/endpoint.ts";
import { operationNames } from "../../lib/operation/names.ts";
import { byName } from "./by-name.ts";
import { functions } from "./functions.ts";
import { noNameLimits, standInApplications, standInHashKey } from "./stand-in.ts";

/** A clock that stands until it is told. Epoch milliseconds. */
export class TestClock {
  #now = Date.UTC(2026, 0, 15, 9, 30, 0, 250);

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** The table of a test's own engine. */
export const tableName = "flows";

/** The variables of functions that reach PingOne at this URL. */
export function defaults({ baseUrl }: { readonly baseUrl: string }): FunctionEnvironment {
  return {
    ENVIRONMENT: "test",
    TABLE_NAME: tableName,
    PINGONE_BASE_URL: baseUrl,
    APPLICATIONS: standInApplications,
    HASH_KEY_ARN: standInHashKey,
    ...noNameLimits,
  };
}

/** Every handler on one composition. */
export function bind(app: HttpApp) {
  return byName(operationNames, (name) => httpHandler(functions[name].operation, app));
}
