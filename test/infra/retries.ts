import * as z from "zod";
import { type Invoked, invokedIn, type Properties, type Resources } from "./references.ts";
import { stateRetries } from "./state-retries.ts";

/** The shortest time for which Lambda keeps an event that it could not deliver: seconds. */
const leastEventAge = 60;

/** One kind of resource, and what in it would make something of ours happen again. */
type Rule = (resources: Resources, id: string, properties: Properties) => string[];

const Variables = z.looseObject({
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }).optional(),
});

/** The AWS SDK's own settings: they would reach clients that don't say themselves how often they try. */
const variables: Rule = (_, id, properties) => {
  const given = Variables.parse(properties).Environment?.Variables ?? {};
  return ["AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"]
    .filter((name) => name in given && given[name] !== "1")
    .map((name) => `${id}: ${name} lets the AWS SDK try again`);
};

const invokeConfig: Rule = (_, id, config) => [
  ...(isOnce(config) ? [] : [`${id}: Lambda runs an event again, or keeps it for later`]),
  ...("DestinationConfig" in config ? [`${id}: an event goes on to where it can come back from`] : []),
];

// Whatever the number of tries, an event that Lambda could not deliver is tried again until it is too old.
function isOnce({ MaximumRetryAttempts, MaximumEventAgeInSeconds }: Properties): boolean {
  return MaximumRetryAttempts === 0 && MaximumEventAgeInSeconds === leastEventAge;
}

/**
 * Only API Gateway is known to wait for the answer: everybody else may leave an event, which
 * Lambda tries three times.
 */
const permission: Rule = (resources, id, { FunctionName, Principal }) =>
  invokedIn(resources, FunctionName)
    .filter((invoked) => Principal !== "apigateway.amazonaws.com" && !takesEventsOnce(resources, invoked))
    .map((invoked) => `${id}: ${JSON.stringify(Principal)} may leave events for ${invoked.id}`);

function takesEventsOnce(resources: Resources, { id, qualifier }: Invoked): boolean {
  const configs = [...resources.values()].filter(({ Type }) => Type === "AWS::Lambda::EventInvokeConfig");
  return configs.some(({ Properties: config }) => {
    const named = invokedIn(resources, config["FunctionName"]);
    return named.some((one) => one.id === id) && config["Qualifier"] === qualifier && isOnce(config);
  });
}

/** Queues and streams deliver at least once, whatever is said about their retries. */
const delivery: Rule = (resources, id, properties) =>
  invokedIn(resources, properties).map((invoked) => `${id}: ${invoked.id} gets what it had once more`);

const TriedOnce = z.looseObject({ RetryPolicy: z.looseObject({ MaximumRetryAttempts: z.literal(0) }) });

/** Without a policy EventBridge tries 185 times in 24 hours; and what it calls is left as an event. */
const targets: Rule = (resources, id, { Targets, Target }) =>
  [Targets, Target].flat().flatMap((target) => {
    const isTriedOnce = TriedOnce.safeParse(target).success;
    return invokedIn(resources, target)
      .filter((invoked) => !(isTriedOnce && takesEventsOnce(resources, invoked)))
      .map((invoked) => `${id}: EventBridge calls ${invoked.id} again`);
  });

const Integration = z.looseObject({ RequestParameters: z.record(z.string(), z.unknown()).default({}) });
const Method = z.looseObject({ Integration: Integration.optional() });

/** API Gateway calls once, but what it leaves as an event Lambda tries three times. */
const integration: Rule = (_, id, properties) => {
  const { RequestParameters } = Method.parse(properties).Integration ?? Integration.parse(properties);
  return Object.entries(RequestParameters)
    .filter(([name, value]) => /x-amz-invocation-type/i.test(name) && value !== "'RequestResponse'")
    .map(() => `${id}: API Gateway may leave an event`);
};

const rules: Readonly<Record<string, Rule>> = {
  "AWS::ApiGateway::Method": integration,
  "AWS::ApiGatewayV2::Integration": integration,
  "AWS::Events::Rule": targets,
  "AWS::Lambda::EventInvokeConfig": invokeConfig,
  "AWS::Lambda::EventSourceMapping": delivery,
  "AWS::Lambda::Function": variables,
  "AWS::Lambda::Permission": permission,
  "AWS::Pipes::Pipe": delivery,
  "AWS::Scheduler::Schedule": targets,
  "AWS::StepFunctions::StateMachine": stateRetries,
};

/**
 * All in a template that could make a once-only step happen twice, one sentence each; nothing
 * where it is clean.
 */
export function retriesIn(resources: Resources): string[] {
  return [...resources].flatMap(
    ([id, { Type, Properties }]) => rules[Type]?.(resources, id, Properties) ?? [],
  );
}
