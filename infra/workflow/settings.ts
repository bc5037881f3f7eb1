import * as z from "zod";
import { credentialSecretPrefix } from "./names.ts";
import { runSeconds } from "./times.ts";

const secretName = z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, {
  error: "A secret with credentials is named by its name, not by its ARN.",
});

const customersFunction = z
  .string()
  .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$/, {
    error:
      "A function of the customer's is named by its ARN: arn:aws:lambda:{region}:{account}:function:{name}.",
  });

/** The settings of the state machines that sign people on. */
export const WorkflowsSchema = z.strictObject({
  /** Is told of a flow that has started, and hands its id to the client. */
  handOver: customersFunction,
  /** Is told who has signed on. */
  afterSignOn: customersFunction,
  /** The names of further secrets with credentials, for definitions of your own. */
  credentialSecrets: z.array(secretName).optional(),
  /** A sign-on again and again, by a person made for it; without it there is none. */
  monitor: z
    .strictObject({
      everyMinutes: z.int().min(1).max(60),
      /** The name of the secret with that person's user name and password. */
      credentialSecret: secretName,
      application: z.string().optional(),
      policy: z.string().optional(),
    })
    .optional(),
});

/** What a workflow's settings have to agree with. */
export interface WorkflowSurroundings {
  readonly name: string;
  readonly region: string;
  readonly pingOne: { readonly timeoutMs: number };
  readonly applications: Readonly<Record<string, { readonly policies: readonly string[] }>>;
  readonly workflows?: z.output<typeof WorkflowsSchema> | undefined;
}

type Workflows = z.output<typeof WorkflowsSchema>;
type Monitor = NonNullable<z.output<typeof WorkflowsSchema>["monitor"]>;

/** One sentence for each reason why workflows can't be deployed as they are set. */
export function workflowFaults(settings: WorkflowSurroundings): string[] {
  const { applications, region, workflows } = settings;
  if (workflows === undefined) return [];
  const strangers = [workflows.handOver, workflows.afterSignOn].filter((arn) => arn.split(":")[3] !== region);
  const open = Object.entries(applications).filter(([, { policies }]) => policies.length === 0);
  return [
    ...strangers.map((arn) => `Step Functions calls no function of another region: ${arn}.`),
    ...open.map(
      ([name]) => `Workflows need a policy to start ${name} by: a state's input can't leave one out.`,
    ),
    ...secretNamesOf(workflows).flatMap((secret) => secretFaults(secret, settings.name)),
    ...(workflows.monitor === undefined ? [] : monitorFaults(workflows.monitor, settings)),
  ];
}

/** The names of all secrets whose credentials a workflow may present. */
export function secretNamesOf({ credentialSecrets = [], monitor }: Workflows): string[] {
  return [...new Set([...(monitor === undefined ? [] : [monitor.credentialSecret]), ...credentialSecrets])];
}

function secretFaults(secret: string, environmentName: string): string[] {
  const prefix = credentialSecretPrefix(environmentName);
  const isOutside = !secret.startsWith(prefix) || secret === prefix;
  return [
    ...(isOutside ? [`The secret ${secret} is outside ${prefix}, where no function may read.`] : []),
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    ...(/-[A-Za-z0-9]{6}$/.test(secret)
      ? [
          `The secret ${secret} ends in a hyphen and six characters, as what Secrets Manager appends to a name does.`,
        ]
      : []),
  ];
}

function monitorFaults(monitor: Monitor, settings: WorkflowSurroundings): string[] {
  const { everyMinutes } = monitor;
  const seconds = runSeconds(settings.pingOne.timeoutMs);
  const rules: readonly (readonly [broken: boolean, sentence: string])[] = [
    [
      everyMinutes * 60 <= seconds,
      `A monitor every ${everyMinutes} minutes would overtake itself: a run may take ${seconds} seconds, so every ${Math.floor(seconds / 60) + 1} at the least.`,
    ],
    ...choiceRules(monitor, settings.applications),
  ];
  return rules.filter(([broken]) => broken).map(([, sentence]) => sentence);
}

function choiceRules(
  { application, policy }: Monitor,
  applications: WorkflowSurroundings["applications"],
): [boolean, string][] {
  const chosen = application ?? Object.keys(applications)[0] ?? "";
  const policies = Object.hasOwn(applications, chosen) ? applications[chosen]?.policies : undefined;
  return [
    [policies === undefined, `The monitor's application is none of this environment's: ${chosen}.`],
    [
      policies !== undefined && policy !== undefined && !policies.includes(policy),
      `The monitor's policy is none of ${chosen}'s: ${policy}.`,
    ],
  ];
}
