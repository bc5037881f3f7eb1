import type { Assembly } from "./assembly.ts";
import { functionsOf } from "./functions.ts";

/** The ARNs of the KMS keys that an assembly's functions name in their variables. */
export function keyArnsOf(assembly: Assembly): readonly string[] {
  const variables = [...functionsOf(assembly).values()].flatMap((one) => Object.entries(one.variables));
  const named = variables.filter(([variable, arn]) => variable.endsWith("_KEY_ARN") && arn !== "");
  return [...new Set(named.map(([, arn]) => arn))];
}
