import type { Assembly } from "./assembly.ts";
import { functionsOf } from "./functions.ts";

/** The ARNs of the KMS keys that an assembly's functions name in their variables. */
export function keyArnsOf(assembly: Assembly): readonly string[] {
  const variables = [...functionsOf(assembly).values()].flatMap((one) => Object.entries(one.variables));
  const named = variables.filter(([variable, arn]) => variable.endsWith("_KEY_ARN") && arn !== "");
  return [...new Set(named.map(([, arn]) => arn))];
}

/** The name of the environment that an assembly is for, as its functions know it. */
export function environmentOf(assembly: Assembly): string {
  const named = [...functionsOf(assembly).values()].flatMap(
    ({ variables }) => variables["ENVIRONMENT"] ?? [],
  );
  return named[0] ?? "";
}
