import * as z from "zod";
import { ConfigurationError, type DeployedEnvironment, loadConfig } from "../lib/config.ts";
import { baseUrlFault } from "../lib/pingone/settings.ts";
import { cookieDeliveryFaults } from "./api/cookie-delivery.ts";
import { LimitsSchema, limitVariables } from "./limits.ts";
import { credentialSecretPrefix } from "./workflow/names.ts";
import { WorkflowsSchema, workflowFaults } from "./workflow/settings.ts";

/** An application that may sign people on: `lib/config.ts` says what its members mean. */
const Application = z.strictObject({
  clientId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  redirectUri: z.url(),
  scopes: z.array(z.string().min(1)).min(1),
  policies: z.array(z.string().min(1)),
});

/** The days CloudWatch Logs can keep a line. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RetentionDays = z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096]);

/** Everything that differs between environments, and nothing secret. */
const Settings = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,19}$/),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** With it, a deployment to any other account fails. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** Turns the refusals below on, and protects the stack and its table from deletion. */
  production: z.boolean(),
  pingOne: z.strictObject({
    /** `https://auth.pingone.eu/{envID}`, or a custom domain without the id. */
    baseUrl: z.string().refine((url) => baseUrlFault(url) === undefined, { error: describeBaseUrl }),
    /** What PingOne may take for one call: milliseconds. Every other time budget derives from it. */
    timeoutMs: z.int().min(100).max(8_500),
    forwardUserAgent: z.boolean(),
    forwardAcceptLanguage: z.boolean(),
  }),
  /** By the name clients give; the first is the default. */
  applications: z
    .record(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), Application)
    .refine((list) => Object.keys(list).length > 0, "At least one application is needed."),
  /** Web origins that may call the API; the first one can also read what the gateway answers by itself. */
  allowedOrigins: z.array(z.string().refine(isOrigin, "An allowed origin is exactly scheme, host and port.")),
  /** Whether browsers may have the flow token as a cookie. */
  cookieDelivery: z.boolean(),
  /** What answers tell of the person named: `minimal` tells names apart as little as PingOne allows. */
  disclosure: z.enum(["hints", "minimal"]),
  limits: LimitsSchema,
  memoryMb: z.int().min(128).max(3008),
  logRetentionDays: RetentionDays,
  deletionProtection: z.boolean(),
  domain: z
    .strictObject({
      name: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/),
      certificateArn: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/),
      /** The first segment of the API's paths on this domain; without it there is none. */
      basePath: z
        .string()
        .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)
        .optional(),
    })
    .optional(),
  /** Who is told of an alarm; without it there are no alarms. */
  alarms: z.strictObject({ mail: z.email() }).optional(),
  /** Requests an address may make in five minutes; without it there is no web ACL. */
  firewall: z
    .strictObject({
      requestsPerAddress: z.int().min(10),
      credentialsPerAddress: z.int().min(10),
      /** AWS's account-takeover prevention: billed for each request to `/password`. */
      accountTakeoverPrevention: z.boolean(),
    })
    .optional(),
  /** `static`: calls leave from elastic addresses that PingOne can register. */
  egress: z.enum(["direct", "static"]),
  /** New code takes a tenth of the traffic first and is taken back when an alarm rings. */
  gradualDeployment: z.boolean(),
  tracing: z.boolean(),
  /** State machines that sign people on; without it no function answers Step Functions. */
  workflows: WorkflowsSchema.optional(),
  /** Whether the stack sets the role by which API Gateway writes any log in this account and region. */
  gatewayLogRole: z.boolean(),
  tags: z.record(z.string(), z.string()),
});

/** One environment's settings. */
export type Environment = z.output<typeof Settings>;

/** The settings of an environment can't be used: the message has one sentence for each reason. */
export class EnvironmentRefused extends Error {
  override readonly name = "EnvironmentRefused";
}

/** The least days that production keeps its logs. */
const leastRetentionDays = 90;

/** Lambda's limit is 4 KB, measured as JSON; the rest is for the table's real name. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostVariableBytes = 4_000;

interface Rule {
  readonly broken: (settings: Environment) => boolean;
  readonly sentence: string;
}

const everywhere: readonly Rule[] = [
  {
    broken: ({ gradualDeployment, alarms }) => gradualDeployment && alarms === undefined,
    sentence: "Gradual deployment needs alarms: they are what takes bad code back.",
  },
];

const inProduction: readonly Rule[] = [
  {
    broken: ({ allowedOrigins }) => allowedOrigins.some((origin) => !origin.startsWith("https://")),
    sentence: "Production allows https origins only.",
  },
  {
    broken: ({ pingOne }) => !pingOne.baseUrl.startsWith("https://"),
    sentence: "Production reaches PingOne by https.",
  },
  {
    broken: ({ pingOne }) => isStandIn(new URL(pingOne.baseUrl).hostname),
    sentence:
      "Production's PingOne is a public host: no address, loopback or reserved name, so no simulator.",
  },
  {
    broken: ({ alarms }) => alarms === undefined,
    sentence: "Production needs somebody who is told of an alarm.",
  },
  {
    // cdk-nag only warns of it, and a warning stops nothing.
    broken: ({ firewall }) => firewall === undefined,
    sentence: "Production needs a firewall.",
  },
  {
    broken: ({ logRetentionDays }) => logRetentionDays < leastRetentionDays,
    sentence: `Production keeps its logs for ${leastRetentionDays} days or more.`,
  },
  {
    broken: ({ deletionProtection }) => !deletionProtection,
    sentence: "Production's table is protected from deletion.",
  },
];

/**
 * Checks the settings of an environment.
 *
 * @throws EnvironmentRefused with every reason at once
 */
export function checkEnvironment(settings: unknown): Environment {
  const parsed = Settings.safeParse(settings);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new EnvironmentRefused(faults.join("\n"));
  }
  const rules = parsed.data.production ? [...everywhere, ...inProduction] : everywhere;
  const broken = rules.filter((rule) => rule.broken(parsed.data)).map(({ sentence }) => sentence);
  const sentences = [
    ...broken,
    ...cookieDeliveryFaults(parsed.data),
    ...workflowFaults(parsed.data),
    ...variableFaults(parsed.data),
  ];
  if (sentences.length > 0) throw new EnvironmentRefused(sentences.join("\n"));
  return parsed.data;
}

/** What the functions' variables name that a deployment makes. */
export interface DeployedNames {
  readonly tableName: string;
  readonly hashKeyArn: string;
  /** Where workflows are on. */
  readonly workflowKeyArn?: string | undefined;
}

/** The environment variables that every function of an environment gets. */
export function functionVariables(
  environment: Environment,
  { tableName, hashKeyArn, workflowKeyArn }: DeployedNames,
): DeployedEnvironment {
  const { name, pingOne, applications, limits, allowedOrigins, cookieDelivery } = environment;
  return {
    ENVIRONMENT: name,
    TABLE_NAME: tableName,
    PINGONE_BASE_URL: pingOne.baseUrl,
    PINGONE_TIMEOUT_MS: String(pingOne.timeoutMs),
    APPLICATIONS: JSON.stringify(applications),
    HASH_KEY_ARN: hashKeyArn,
    ...limitVariables(limits),
    DISCLOSURE: environment.disclosure,
    ALLOWED_ORIGINS: allowedOrigins.join(","),
    COOKIE_DELIVERY: cookieDelivery ? "true" : "false",
    FORWARD_USER_AGENT: pingOne.forwardUserAgent ? "true" : "false",
    FORWARD_ACCEPT_LANGUAGE: pingOne.forwardAcceptLanguage ? "true" : "false",
    WORKFLOW_KEY_ARN: workflowKeyArn ?? "",
    CREDENTIAL_SECRET_PREFIX: workflowKeyArn === undefined ? "" : credentialSecretPrefix(name),
  };
}

/** What would otherwise come to light at a deployment, or at a function's first call. */
function variableFaults(environment: Environment): string[] {
  // What a deployment names: as long as the real ones, give or take.
  const keyArn = `arn:aws:kms:${environment.region}:000000000000:key/00000000-0000-4000-8000-000000000000`;
  const variables = functionVariables(environment, {
    tableName: "placeholder",
    hashKeyArn: keyArn,
    workflowKeyArn: environment.workflows && keyArn,
  });
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  const tooLarge = `The functions' variables take ${bytes} bytes of ${mostVariableBytes}: shorten the applications or the origins.`;
  return [...(bytes > mostVariableBytes ? [tooLarge] : []), ...configurationFaults(variables)];
}

function configurationFaults(variables: DeployedEnvironment): string[] {
  try {
    loadConfig({ ...variables });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [`With these settings: ${error.message}`];
  }
}

function describeBaseUrl({ input }: { input?: unknown }): string {
  return baseUrlFault(String(input)) ?? "";
}

/** A wildcard is no origin, nor is a URL with a path (RFC 6454 §6.2). */
function isOrigin(text: string): boolean {
  return !text.includes("*") && URL.parse(text)?.origin === text;
}

/** Addresses, single labels and the names that RFC 6761 and RFC 6762 reserve. */
function isStandIn(host: string): boolean {
  return (
    !host.includes(".") ||
    /^[\d.]+$/.test(host) ||
    host.startsWith("[") ||
    /\.(example|internal|invalid|local|localhost|test)$/.test(host)
  );
}
