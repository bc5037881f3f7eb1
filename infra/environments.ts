import { type Environment, EnvironmentRefused } from "./environment.ts";
import { checkEnvironment } from "./environment-check.ts";
import { dev } from "./environments/dev.ts";
import { emulatorAt } from "./environments/emulator.ts";
import { prod } from "./environments/prod.ts";
import { staging } from "./environments/staging.ts";

/** What was said beside an environment's name. */
type Said = (name: string) => string | undefined;

const nothingSaid: Said = () => undefined;

/** Every environment, by the name that `-c env=` takes. */
const environments = new Map<string, (said: Said) => Environment>([
  ["dev", () => dev],
  ["staging", () => staging],
  ["prod", () => prod],
  [
    "emulator",
    (said) =>
      emulatorAt({
        endpoint: said("emulator-endpoint"),
        simulatorHost: said("simulator-host"),
        simulatorPort: said("simulator-port"),
      }),
  ],
]);

/**
 * The environment of that name, checked.
 *
 * @param said a setting that may come from outside, by name: an emulator's alone
 * @throws EnvironmentRefused when there is none, or when its settings can't be used
 */
export function environmentNamed(name: unknown, said = nothingSaid): Environment {
  const found = typeof name === "string" ? environments.get(name) : undefined;
  if (found === undefined) {
    const known = [...environments.keys()].join(", ");
    throw new EnvironmentRefused(`Name an environment with -c env=…: ${known}.`);
  }
  return checkEnvironment(found(said));
}
