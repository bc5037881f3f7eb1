import { type Environment, EnvironmentRefused } from "./environment.ts";
import { checkEnvironment } from "./environment-check.ts";
import { dev } from "./environments/dev.ts";
import { emulator } from "./environments/emulator.ts";
import { prod } from "./environments/prod.ts";
import { staging } from "./environments/staging.ts";

/** Every environment, by the name that `-c env=` takes. */
const environments: ReadonlyMap<string, Environment> = new Map(
  [dev, staging, prod, emulator].map((environment) => [environment.name, environment]),
);

/**
 * The environment of that name, checked.
 *
 * @throws EnvironmentRefused when there is none, or when its settings can't be used
 */
export function environmentNamed(name: unknown): Environment {
  const found = typeof name === "string" ? environments.get(name) : undefined;
  if (found === undefined) {
    const known = [...environments.keys()].join(", ");
    throw new EnvironmentRefused(`Name an environment with -c env=…: ${known}.`);
  }
  return checkEnvironment(found);
}
