import * as z from "zod";
import { budgetsFor } from "./flow/budgets.ts";
import type { FlowSettings } from "./flow/context.ts";
import { baseUrlFault, type PingOneSettings } from "./pingone/settings.ts";

/** Begins with a letter: the members of an object whose names look like numbers lose their order. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/);

/** An application as `APPLICATIONS` lists it: a JSON object of these by the name clients give. */
const ApplicationSettings = z.strictObject({
  clientId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  redirectUri: z.string().refine(isRedirectUri),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).min(1),
  policies: z.array(z.string().regex(/^[^\p{C}]{1,256}$/u)),
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
const keyArn = z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/);

function flag(fallback: "true" | "false") {
  return z
    .enum(["true", "false"])
    .default(fallback)
    .transform((text) => text === "true");
}

function integer(least: number, most: number, fallback: number) {
  const text = z
    .string()
    .regex(/^\d{1,9}$/)
    .default(String(fallback));
  return text.transform(Number).pipe(z.number().min(least).max(most));
}

/** Every environment variable of a function. */
export const Variables = z.object({
  /** The name of the environment, such as `prod`: part of what seals a row. */
  ENVIRONMENT: name,
  TABLE_NAME: z.string().regex(/^[A-Za-z0-9._-]{3,255}$/),
  /** `https://auth.pingone.eu/{envID}`, or a custom domain without the id. */
  PINGONE_BASE_URL: z.string().refine((url) => baseUrlFault(url) === undefined),
  /** What PingOne may take for one call: milliseconds. The other budgets derive from it. */
  PINGONE_TIMEOUT_MS: integer(100, 8_500, 8_000),
  APPLICATIONS: z
    .string()
    .transform((text, context) => parseJsonVariable(text, context))
    .pipe(z.record(name, ApplicationSettings).refine((list) => Object.keys(list).length > 0)),
  /** Attempts at lookup, password, otp and device in one flow, together. */
  ATTEMPT_LIMIT: integer(1, 100, 10),
  /** Passwords and codes in one flow, together. */
  CREDENTIAL_LIMIT: integer(1, 100, 5),
  /** How often a name may be asked about from one network: so many times at once, and as many again in each window. */
  NAME_LIMIT: integer(1, 1_000_000, 10),
  /** The same for all names together. */
  NETWORK_LIMIT: integer(1, 1_000_000, 200),
  /** The window of both. */
  LIMIT_WINDOW_SECONDS: integer(1, 86_400, 300),
  /** What answers tell of the person named. */
  DISCLOSURE: z.enum(["hints", "minimal"]).default("hints"),
  /** The KMS key of the kind `HMAC_256` that names and networks are hashed under. */
  HASH_KEY_ARN: keyArn,
  /** Web origins that may read the replies, with commas between them. */
  ALLOWED_ORIGINS: z
    .string()
    .default("")
    .transform((text) => text.split(",").filter((origin) => origin !== ""))
    .pipe(z.array(z.string().refine((origin) => URL.parse(origin)?.origin === origin))),
  /** Whether a browser may have its flow token as a cookie. */
  COOKIE_DELIVERY: flag("false"),
  FORWARD_USER_AGENT: flag("true"),
  FORWARD_ACCEPT_LANGUAGE: flag("true"),
  /** The KMS key that seals what a workflow carries. */
  WORKFLOW_KEY_ARN: keyArn.or(z.literal("")).default(""),
  /** What the name of each secret begins with that a workflow may name: a path, with a slash at its end. */
  CREDENTIAL_SECRET_PREFIX: z
    .string()
    .regex(/^([A-Za-z0-9/_+=.@-]{1,255}\/)?$/)
    .default(""),
});

/** Also judged when another variable is wrong, since one message names them all. */
const always = () => true;

/** The two that calls by Step Functions need are set together or not at all. */
const Environment = Variables.refine(
  (read) => read.WORKFLOW_KEY_ARN !== "" || read.CREDENTIAL_SECRET_PREFIX === "",
  {
    path: ["WORKFLOW_KEY_ARN"],
    when: always,
  },
).refine((read) => read.CREDENTIAL_SECRET_PREFIX !== "" || read.WORKFLOW_KEY_ARN === "", {
  path: ["CREDENTIAL_SECRET_PREFIX"],
  when: always,
});

/** The environment variables a function reads; those with a default may be left out. */
export type FunctionEnvironment = z.input<typeof Environment>;

/** The same with none left out: what `infra` deploys, so that a new variable doesn't compile until it is set there. */
export type DeployedEnvironment = {
  readonly [Variable in keyof FunctionEnvironment]-?: NonNullable<FunctionEnvironment[Variable]>;
};

/** What a function is configured with. */
export interface Config {
  readonly environment: string;
  readonly tableName: string;
  /** The KMS key that names and networks are hashed under. */
  readonly hashKeyArn: string;
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

/**
 * Reads the configuration of a function.
 *
 * @throws ConfigurationError one message for all that is missing or wrong
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) throw new ConfigurationError(describe(parsed.error, environment));
  const settings = parsed.data;
  return {
    environment: settings.ENVIRONMENT,
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
      disclosure: settings.DISCLOSURE,
      applications: settings.APPLICATIONS,
    },
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

/** Where a code may be sent: https, an app's own scheme (RFC 8252 §7.1), or http on loopback (§7.3). */
function isRedirectUri(text: string): boolean {
  const uri = URL.parse(text);
  if (uri === null || !/^[!-~]+$/.test(text) || uri.username !== "" || uri.password !== "") return false;
  if (text.includes("#") || ["code", "state", "error"].some((own) => uri.searchParams.has(own))) return false;
  const loopback = uri.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(uri.hostname);
  return uri.protocol === "https:" || uri.protocol.includes(".") || loopback;
}

function parseJsonVariable(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "not JSON" });
    return z.NEVER;
  }
}

function describe(error: z.ZodError, environment: Readonly<Record<string, string | undefined>>): string {
  // The key of a member may itself be a misplaced value: it is named only where it is one of ours.
  const named = error.issues.map(({ code, path }) => (code === "invalid_key" ? path.slice(0, 1) : path));
  const paths = [...new Set(named.map((path) => path.join(".")))];
  const isMissing = (path: string) => (environment[path] ?? "") === "" && !path.includes(".");
  const missing = paths.filter(isMissing);
  const wrong = paths.filter((path) => !isMissing(path));
  const parts = [
    ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
    ...(wrong.length > 0 ? [`wrong: ${wrong.join(", ")}`] : []),
  ];
  return `The function can't start. Environment variables ${parts.join("; ")}.`;
}
