import { type ConfigurationFault, configurationFaults, type DeployedEnvironment } from "../lib/config.ts";
import type { Environment } from "./environment.ts";
import { credentialSecretPrefix } from "./workflow/names.ts";

/** What the functions' variables name that a deployment makes. */
export interface DeployedNames {
  readonly tableName: string;
  readonly hashKeyArn: string;
  /** Where workflows are on. */
  readonly workflowKeyArn?: string | undefined;
  /** Where there are keys that sign for applications: the first. */
  readonly signingKeyArn?: string | undefined;
}

/** The environment variables that every function of an environment gets. */
export function functionVariables(
  { name, pingOne, applications, limits, allowedOrigins, cookieDelivery, disclosure }: Environment,
  { tableName, hashKeyArn, workflowKeyArn, signingKeyArn }: DeployedNames,
): DeployedEnvironment {
  return {
    ENVIRONMENT: name,
    TABLE_NAME: tableName,
    PINGONE_BASE_URL: pingOne.baseUrl,
    PINGONE_PLAIN_HTTP_HOST: pingOne.plainHttpHost ?? "",
    PINGONE_TIMEOUT_MS: String(pingOne.timeoutMs),
    APPLICATIONS: JSON.stringify(applications),
    HASH_KEY_ARN: hashKeyArn,
    ATTEMPT_LIMIT: String(limits.attempts),
    CREDENTIAL_LIMIT: String(limits.credentials),
    NAME_LIMIT: String(limits.names.perName),
    NETWORK_LIMIT: String(limits.names.perNetwork),
    LIMIT_WINDOW_SECONDS: String(limits.names.windowSeconds),
    MESSAGE_LIMIT: String(limits.messages.perPerson),
    MESSAGE_WINDOW_SECONDS: String(limits.messages.windowSeconds),
    DISCLOSURE: disclosure,
    ALLOWED_ORIGINS: allowedOrigins.join(","),
    COOKIE_DELIVERY: cookieDelivery ? "true" : "false",
    FORWARD_USER_AGENT: pingOne.forwardUserAgent ? "true" : "false",
    FORWARD_ACCEPT_LANGUAGE: pingOne.forwardAcceptLanguage ? "true" : "false",
    WORKFLOW_KEY_ARN: workflowKeyArn ?? "",
    CREDENTIAL_SECRET_PREFIX: workflowKeyArn === undefined ? "" : credentialSecretPrefix(name),
    SIGNING_KEY_ARN: signingKeyArn ?? "",
  };
}

/** The setting that a variable is made of; what a deployment makes has the variable's own name. */
const settingOf: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ENVIRONMENT: "name",
    TABLE_NAME: "TABLE_NAME",
    PINGONE_BASE_URL: "pingOne.baseUrl",
    PINGONE_PLAIN_HTTP_HOST: "pingOne.plainHttpHost",
    PINGONE_TIMEOUT_MS: "pingOne.timeoutMs",
    APPLICATIONS: "applications",
    HASH_KEY_ARN: "HASH_KEY_ARN",
    ATTEMPT_LIMIT: "limits.attempts",
    CREDENTIAL_LIMIT: "limits.credentials",
    NAME_LIMIT: "limits.names.perName",
    NETWORK_LIMIT: "limits.names.perNetwork",
    LIMIT_WINDOW_SECONDS: "limits.names.windowSeconds",
    MESSAGE_LIMIT: "limits.messages.perPerson",
    MESSAGE_WINDOW_SECONDS: "limits.messages.windowSeconds",
    DISCLOSURE: "disclosure",
    ALLOWED_ORIGINS: "allowedOrigins",
    COOKIE_DELIVERY: "cookieDelivery",
    FORWARD_USER_AGENT: "pingOne.forwardUserAgent",
    FORWARD_ACCEPT_LANGUAGE: "pingOne.forwardAcceptLanguage",
    WORKFLOW_KEY_ARN: "WORKFLOW_KEY_ARN",
    CREDENTIAL_SECRET_PREFIX: "name",
    SIGNING_KEY_ARN: "signingKeys",
  } satisfies Record<keyof DeployedEnvironment, string>),
);

/**
 * Lambda's limit is 4 KB, measured as JSON; the rest is for the table's real name.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const mostBytes = 4_000;

/** What would otherwise come to light at a deployment, or at a function's first call: one sentence each. */
export function variableFaults(environment: Environment): string[] {
  // What a deployment names: as long as the real ones, give or take.
  const keyArn = `arn:aws:kms:${environment.region}:000000000000:key/00000000-0000-4000-8000-000000000000`;
  const variables = functionVariables(environment, {
    tableName: "placeholder",
    hashKeyArn: keyArn,
    workflowKeyArn: environment.workflows && keyArn,
    signingKeyArn: environment.signingKeys && keyArn,
  });
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  const tooLarge = `The functions' variables take ${bytes} bytes of ${mostBytes}: shorten the applications or the origins.`;
  return [...(bytes > mostBytes ? [tooLarge] : []), ...configurationFaults({ ...variables }).map(sentenceOf)];
}

function sentenceOf({ variable, member, reason }: ConfigurationFault): string {
  const setting = [settingOf.get(variable), member].filter(Boolean).join(".");
  return `${setting}: ${reason}`;
}
