import { cookieDeliveryFaults } from "./api/cookie-delivery.ts";
import { type Environment, EnvironmentRefused, EnvironmentSchema } from "./environment.ts";
import { variableFaults } from "./function-variables.ts";
import { nobodysAccount } from "./placeholders.ts";
import { addressFaults, addressWarnings } from "./production/addresses.ts";
import { limitFaults, limitWarnings } from "./production/limits.ts";
import { needFaults } from "./production/needs.ts";
import { workflowFaults } from "./workflow/settings.ts";

/**
 * Checks the settings of an environment.
 *
 * @throws EnvironmentRefused with every reason at once
 */
export function checkEnvironment(settings: unknown): Environment {
  const parsed = EnvironmentSchema.safeParse(settings);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "settings"}: ${message}`,
    );
    throw new EnvironmentRefused(faults.join("\n"));
  }
  const faults = faultsOf(parsed.data);
  if (faults.length > 0) throw new EnvironmentRefused(faults.join("\n"));
  return parsed.data;
}

/** What a synthesis lets through and tells: a real deployment may want it. By the name of the setting. */
export function environmentWarnings(environment: Environment): ReadonlyMap<string, string> {
  if (!environment.production) return new Map();
  return new Map([...limitWarnings(environment), ...addressWarnings(environment)]);
}

function faultsOf(environment: Environment): string[] {
  const { name, production, pingOne, gradualDeployment, alarms } = environment;
  const ofVariables = variableFaults(environment);
  return [
    ...(environment.endpoint !== undefined && environment.account !== nobodysAccount
      ? [`endpoint: Only an emulator has one. Its account is ${nobodysAccount}.`]
      : []),
    ...(!production && pingOne.plainHttpHost !== undefined && environment.account !== nobodysAccount
      ? [`pingOne.plainHttpHost: Only an emulator has one. Its account is ${nobodysAccount}.`]
      : []),
    ...(gradualDeployment && alarms === undefined
      ? ["Gradual deployment needs alarms: they are what takes bad code back."]
      : []),
    ...(!production && soundsLikeProduction(name)
      ? [`name: An environment that is called ${name} is production. Set production, or call it otherwise.`]
      : []),
    ...(production
      ? [...needFaults(environment), ...limitFaults(environment), ...addressFaults(environment)]
      : []),
    ...cookieDeliveryFaults(environment),
    // A run of a workflow can be reckoned only where the functions' own times can.
    ...(ofVariables.length > 0 ? [] : workflowFaults(environment)),
    ...ofVariables,
  ];
}

/** `prod-eu` and `live2` do; `pre-prod` and `nonprod` don't. */
function soundsLikeProduction(name: string): boolean {
  const words = name.split("-");
  const isOther = words.some((word) => /^(pre|non|not|no|like|sim|test|dev|stage|staging)$/.test(word));
  return !isOther && words.some((word) => /^(prod|production|prd|live)\d*$/.test(word));
}
