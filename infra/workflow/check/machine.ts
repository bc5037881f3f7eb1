import { functionIn } from "./calls.ts";
import { definitionFaults } from "./definition.ts";
import { type Fields, isFields } from "./states.ts";

/**
 * Why a state machine may not be deployed: one sentence for each reason.
 *
 * @param properties of an `AWS::StepFunctions::StateMachine`, with `placeholderOf` in place of references to functions
 */
export function machineFaults(properties: Fields): string[] {
  const { DefinitionS3Location, DefinitionSubstitutions } = properties;
  const substitutions = isFields(DefinitionSubstitutions) ? DefinitionSubstitutions : {};
  if (DefinitionS3Location !== undefined) {
    return refersToOurs(substitutions)
      ? ["DefinitionS3Location: a definition in S3 can't be read, and it is given a sign-on function."]
      : [];
  }
  const definition = definitionOf(properties, substitutions);
  if (!refersToOurs(definition)) return definitionFaults(definition);
  return [...definitionFaults(definition), ...recordFaults(properties)];
}

/** What is kept of an execution, where, and under whose key. */
function recordFaults({ LoggingConfiguration, EncryptionConfiguration }: Fields): string[] {
  const logs = isFields(LoggingConfiguration) ? LoggingConfiguration : {};
  const key = isFields(EncryptionConfiguration) ? EncryptionConfiguration : {};
  return [
    ...(logs["IncludeExecutionData"] === true && logs["Level"] !== "OFF"
      ? ["LoggingConfiguration.IncludeExecutionData: what passes through a sign-on is not to be logged."]
      : []),
    ...(key["Type"] === "CUSTOMER_MANAGED_KMS_KEY"
      ? []
      : [
          "EncryptionConfiguration: the history of a sign-on is encrypted under a key of your own: set encryptionConfiguration.",
        ]),
  ];
}

function refersToOurs(value: unknown): boolean {
  return functionIn(JSON.stringify(value ?? "")) !== undefined;
}

/** The definition as an object; as the text it is if that is no JSON. */
function definitionOf({ DefinitionString, Definition }: Fields, substitutions: Fields): unknown {
  const text = typeof DefinitionString === "string" ? DefinitionString : JSON.stringify(Definition ?? "");
  const whole = text.replaceAll(/\$\{(\w+)\}/g, (variable, name: string) =>
    Object.hasOwn(substitutions, name) ? JSON.stringify(String(substitutions[name])).slice(1, -1) : variable,
  );
  try {
    return JSON.parse(whole);
  } catch {
    return whole;
  }
}
