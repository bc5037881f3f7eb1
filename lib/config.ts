import * as z from "zod/mini";
import { isAppOrigin, originFault } from "./addresses.ts";
import { budgetsFor } from "./flow/budgets.ts";
import type { FlowSettings } from "./flow/context.ts";
import { isPlainHttp, type PingOneSettings } from "./pingone/settings.ts";
import {
  ApplicationSettings,
  flag,
  integer,
  Json,
  KeyArn,
  Name,
  pingOneFault,
  without,
} from "./variables.ts";

const KeyArnOrNone = z._default(z.union([KeyArn, z.literal("")]), "");

/** Every environment variable of a function. */
export const Variables = z.object({
  /** The name of the environment, such as `prod`: part of what seals a row. */
  ENVIRONMENT: Name,
  TABLE_NAME: z.string().check(z.regex(/^[A-Za-z0-9._-]{3,255}$/)),
  /** `https://auth.pingone.eu/{envID}`, or a custom domain without the id. */
  PINGONE_BASE_URL: without(pingOneFault),
  /**
   * The one host beside loopback at which PingOne may be reached by http: a simulator, for functions that an
   * emulator runs in containers. Empty everywhere else.
   */
  PINGONE_PLAIN_HTTP_HOST: z._default(z.string().check(z.regex(/^[a-z0-9.-]{0,255}$/)), ""),
  /** What PingOne may take for one call: milliseconds. The other budgets derive from it. */
  PINGONE_TIMEOUT_MS: integer(100, 8_500, 8_000),
  APPLICATIONS: z.pipe(
    Json,
    z
      .record(Name, ApplicationSettings)
      .check(
        z.refine((list) => Object.keys(list).length > 0, { error: "At least one application is needed." }),
      ),
  ),
  /** Attempts at lookup, password, otp and device in one flow, together. */
  ATTEMPT_LIMIT: integer(1, 100, 10),
  /** Passwords and codes in one flow, together. */
  CREDENTIAL_LIMIT: integer(1, 100, 5),
  /**
   * How often a name may be asked about from one network: so many times at once, and as many
   * again in each window.
   */
  NAME_LIMIT: integer(1, 1_000_000, 10),
  /** The same for all names together. */
  NETWORK_LIMIT: integer(1, 1_000_000, 200),
  /** The window of both. */
  LIMIT_WINDOW_SECONDS: integer(1, 86_400, 300),
  /**
   * How many messages a person may be sent from one network: so many at once, and as many again in
   * each window.
   */
  MESSAGE_LIMIT: integer(1, 1_000_000, 15),
  /** The window of the messages. */
  MESSAGE_WINDOW_SECONDS: integer(1, 86_400, 900),
  /** What answers tell of the person named. */
  DISCLOSURE: z._default(z.enum(["hints", "minimal"]), "hints"),
  /** The KMS key of the kind `HMAC_256` that names and networks are hashed under. */
  HASH_KEY_ARN: KeyArn,
  /** Web origins that may read the replies, with commas between them; those of hybrid apps too. */
  ALLOWED_ORIGINS: z.pipe(
    z.pipe(
      z._default(z.string(), ""),
      z.transform((text) => text.split(",").filter((origin) => origin !== "")),
    ),
    z.array(without(originFault)),
  ),
  /** Whether a browser may have its flow token as a cookie. */
  COOKIE_DELIVERY: flag("false"),
  FORWARD_USER_AGENT: flag("true"),
  FORWARD_ACCEPT_LANGUAGE: flag("true"),
  /** The KMS key that seals what a workflow carries. */
  WORKFLOW_KEY_ARN: KeyArnOrNone,
  /** The KMS key of the kind `RSA_2048` that signs for applications whose `signedRequest` is `kms`. */
  SIGNING_KEY_ARN: KeyArnOrNone,
  /** What the name of each secret begins with that a workflow may name: a path, with a slash at its end. */
  CREDENTIAL_SECRET_PREFIX: z._default(z.string().check(z.regex(/^([A-Za-z0-9/_+=.@-]{1,255}\/)?$/)), ""),
});

/** Also judged when another variable is wrong, since one message names them all. */
const always = () => true;

/** Judged where these are right by themselves. */
function whereRight(...variables: string[]) {
  return ({ issues }: z.core.ParsePayload) =>
    issues.every(({ path }) => !variables.includes(String(path?.[0])));
}

/** The two that calls by Step Functions need are set together or not at all. */
const Environment = Variables.check(
  z.refine((read) => read.WORKFLOW_KEY_ARN !== "" || read.CREDENTIAL_SECRET_PREFIX === "", {
    path: ["WORKFLOW_KEY_ARN"],
    when: always,
  }),
  z.refine((read) => read.CREDENTIAL_SECRET_PREFIX !== "" || read.WORKFLOW_KEY_ARN === "", {
    path: ["CREDENTIAL_SECRET_PREFIX"],
    when: always,
  }),
  z.refine(
    (read) =>
      read.SIGNING_KEY_ARN !== "" ||
      Object.values(read.APPLICATIONS).every(({ signedRequest }) => signedRequest !== "kms"),
    {
      path: ["SIGNING_KEY_ARN"],
      error: "An application signs by a key of KMS: at least one is needed.",
      when: whereRight("APPLICATIONS", "SIGNING_KEY_ARN"),
    },
  ),
  z.refine((read) => !isPlainHttp(read.PINGONE_BASE_URL, read.PINGONE_PLAIN_HTTP_HOST), {
    path: ["PINGONE_BASE_URL"],
    error: "The PingOne base URL must use https; http is for loopback addresses only.",
    when: whereRight("PINGONE_BASE_URL", "PINGONE_PLAIN_HTTP_HOST"),
  }),
  z.refine((read) => !(read.COOKIE_DELIVERY && read.ALLOWED_ORIGINS.some(isAppOrigin)), {
    path: ["COOKIE_DELIVERY"],
    error: "A hybrid app's pages are on no site that a cookie could be for.",
    when: whereRight("COOKIE_DELIVERY", "ALLOWED_ORIGINS"),
  }),
);

/** The environment variables a function reads; those with a default may be left out. */
export type FunctionEnvironment = z.input<typeof Environment>;

/**
 * The same with none left out: what `infra` deploys, so that a new variable doesn't compile until
 * it is set there.
 */
export type DeployedEnvironment = {
  readonly [Variable in keyof FunctionEnvironment]-?: NonNullable<FunctionEnvironment[Variable]>;
};

/** What a function is configured with. */
export interface Config {
  readonly environment: string;
  /** The least serious level that the log keeps, as Lambda was told. */
  readonly logLevel: string | undefined;
  readonly tableName: string;
  /** The KMS key that names and networks are hashed under. */
  readonly hashKeyArn: string;
  /** The KMS key that signs for applications; absent where none is signed for by it. */
  readonly signingKeyArn?: string;
  readonly pingOne: PingOneSettings;
  readonly flows: FlowSettings;
  readonly allowedOrigins: readonly string[];
  readonly cookieDelivery: boolean;
  /** What calls by Step Functions need; without it there are none. */
  readonly workflow?: {
    readonly keyArn: string;
    /** The names of the secrets that a call may refer to begin with it. */
    readonly credentialSecretPrefix: string;
  };
}

/** A variable is missing or wrong. The message names every such variable, and no value. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

type ProcessVariables = Readonly<Record<string, string | undefined>>;

/**
 * Whether this is a function's process in Lambda.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function isInLambda(environment: ProcessVariables = process.env): boolean {
  return environment["AWS_LAMBDA_INITIALIZATION_TYPE"] !== undefined;
}

/** What is wrong in one variable, or with a member of its value. */
export interface ConfigurationFault {
  readonly variable: string;
  /** The way to the member, with dots between; empty for the value as a whole. */
  readonly member: string;
  readonly isMissing: boolean;
  /** One sentence. It may name members, and repeats no value. */
  readonly reason: string;
}

/** All that is missing or wrong in the variables of a function; nothing when it can start. */
export function configurationFaults(environment: ProcessVariables): readonly ConfigurationFault[] {
  const parsed = Environment.safeParse(environment);
  return parsed.success ? [] : faultsOf(parsed.error, environment);
}

/**
 * Reads the configuration of a function.
 *
 * @throws ConfigurationError one message for all that is missing or wrong
 */
export function loadConfig(environment: ProcessVariables = process.env): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) throw new ConfigurationError(describe(faultsOf(parsed.error, environment)));
  const settings = parsed.data;
  return {
    environment: settings.ENVIRONMENT,
    logLevel: environment["AWS_LAMBDA_LOG_LEVEL"],
    tableName: settings.TABLE_NAME,
    hashKeyArn: settings.HASH_KEY_ARN,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    cookieDelivery: settings.COOKIE_DELIVERY,
    pingOne: {
      baseUrl: settings.PINGONE_BASE_URL,
      timeoutMs: settings.PINGONE_TIMEOUT_MS,
      forwardUserAgent: settings.FORWARD_USER_AGENT,
      forwardAcceptLanguage: settings.FORWARD_ACCEPT_LANGUAGE,
    },
    flows: {
      budgets: budgetsFor(settings.PINGONE_TIMEOUT_MS),
      attemptLimit: settings.ATTEMPT_LIMIT,
      credentialLimit: settings.CREDENTIAL_LIMIT,
      nameLimits: {
        perName: settings.NAME_LIMIT,
        perNetwork: settings.NETWORK_LIMIT,
        windowMs: settings.LIMIT_WINDOW_SECONDS * 1000,
      },
      messageLimits: {
        perPerson: settings.MESSAGE_LIMIT,
        windowMs: settings.MESSAGE_WINDOW_SECONDS * 1000,
      },
      disclosure: settings.DISCLOSURE,
      applications: settings.APPLICATIONS,
    },
    ...(settings.SIGNING_KEY_ARN === "" ? {} : { signingKeyArn: settings.SIGNING_KEY_ARN }),
    ...(settings.WORKFLOW_KEY_ARN === ""
      ? {}
      : {
          workflow: {
            keyArn: settings.WORKFLOW_KEY_ARN,
            credentialSecretPrefix: settings.CREDENTIAL_SECRET_PREFIX,
          },
        }),
  };
}

function faultsOf(error: z.core.$ZodError, environment: ProcessVariables): readonly ConfigurationFault[] {
  return error.issues.map((issue) => {
    const [variable = "", ...path] = issue.path.map(String);
    // The key of a member may itself be a misplaced value: it is named only where it is one of ours.
    const isKey = issue.code === "invalid_key";
    const member = (isKey ? path.slice(0, -1) : path).join(".");
    const isMissing = member === "" && (environment[variable] ?? "") === "";
    return { variable, member, isMissing, reason: (isKey && issue.issues[0]?.message) || issue.message };
  });
}

function describe(faults: readonly ConfigurationFault[]): string {
  const named = (isMissing: boolean) => {
    const found = faults.filter((fault) => fault.isMissing === isMissing);
    return [...new Set(found.map(({ variable, member }) => [variable, member].filter(Boolean).join(".")))];
  };
  const [missing, wrong] = [named(true), named(false)];
  const parts = [
    ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
    ...(wrong.length > 0 ? [`wrong: ${wrong.join(", ")}`] : []),
  ];
  return `The function can't start. Environment variables ${parts.join("; ")}.`;
}
