import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Pass,
  Result,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";

/** The applications that may sign people on, in the order of the settings. */
type Applications = Readonly<Record<string, { readonly policies: readonly string[] }>>;

const required = ["codeChallenge", "flowTokenHash", "flowTokenPublicKey"];

/**
 * Fills in what the input may leave out, so that the next state finds each member at `$.request`: a path to a
 * member that is missing fails a state, and the whole input is never passed on. The nonce is drawn as start
 * would draw it; the client learns it with the code.
 *
 * @param applications by name; the first is the default, as is the first policy of each
 */
export function requestOf(scope: Construct, applications: Applications, next: IChainable): IChainable {
  const [application] = Object.keys(applications);
  const defaults = new Pass(scope, "Defaults", {
    parameters: { application, nonce: JsonPath.uuid() },
    resultPath: "$.defaults",
  });
  const request = new Pass(scope, "Request", {
    parameters: {
      request: JsonPath.jsonMerge(JsonPath.objectAt("$.defaults"), JsonPath.objectAt("$$.Execution.Input")),
    },
  });
  const incomplete = new Fail(scope, "InputIncomplete", {
    error: "RequestInvalid",
    cause: `The execution's input needs ${required.join(", ")}.`,
  });
  return new Choice(scope, "Complete?")
    .when(
      Condition.and(...required.map((name) => Condition.isPresent(`$.${name}`))),
      defaults.next(request.next(policyOf(scope, applications, next))),
    )
    .otherwise(incomplete);
}

function policyOf(scope: Construct, applications: Applications, next: IChainable): Choice {
  const unknown = new Fail(scope, "ApplicationUnknown", {
    error: "RequestInvalid",
    cause: "The execution's input names an application that this environment doesn't have.",
  });
  const byApplication = new Choice(scope, "Policy of which application?");
  for (const [name, { policies }] of Object.entries(applications)) {
    const [policy = ""] = policies;
    const chosen = new Pass(scope, `Policy of ${name}`, {
      result: Result.fromString(policy),
      resultPath: "$.request.policy",
    });
    byApplication.when(Condition.stringEquals("$.request.application", name), chosen.next(next));
  }
  return new Choice(scope, "Policy given?")
    .when(Condition.isPresent("$.request.policy"), next)
    .otherwise(byApplication.otherwise(unknown));
}
