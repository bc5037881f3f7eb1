import * as z from "zod";
import { LimitsSchema } from "./limits.ts";
import { WorkflowsSchema } from "./workflow/settings.ts";

/** An application that may sign people on: `lib/config.ts` says what its members mean, and may be. */
const Application = z.strictObject({
  clientId: z.string(),
  redirectUri: z.string(),
  scopes: z.array(z.string()),
  policies: z.array(z.string()),
  clientAuthentication: z.enum(["basic", "none", "post"]).optional(),
  passkeyOrigins: z.array(z.string()).optional(),
  stepUp: z.array(z.string()).optional(),
  signedRequest: z.enum(["client-secret", "kms"]).optional(),
  session: z.enum(["end"]).optional(),
});

/**
 * The days CloudWatch Logs can keep a line.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RetentionDays = z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096]);

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
const WafLimit = z.int().min(10).max(2_000_000_000);

/**
 * Everything that differs between environments, and nothing secret. Of a setting that becomes a variable of
 * the functions only the shape is judged here: `lib/config.ts` has its bounds, and a synthesis asks there.
 */
export const EnvironmentSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,19}$/),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** With it, a deployment to any other account fails. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** Where an AWS emulator listens, for the environment of one. Its account is nobody's. */
  endpoint: z
    .string()
    .regex(/^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d{1,5}$/, {
      error: "An emulator listens on loopback.",
    })
    .optional(),
  /** Turns the refusals below on, and protects the stack and its table from deletion. */
  production: z.boolean(),
  pingOne: z.strictObject({
    /** `https://auth.pingone.eu/{envID}`, or a custom domain without the id. */
    baseUrl: z.string(),
    /** The one host beside loopback at which http will do: a simulator, seen from a container. */
    plainHttpHost: z.string().optional(),
    /** What PingOne may take for one call: milliseconds. Every other time budget derives from it. */
    timeoutMs: z.int(),
    forwardUserAgent: z.boolean(),
    forwardAcceptLanguage: z.boolean(),
  }),
  /** By the name clients give; the first is the default. */
  applications: z.record(z.string(), Application),
  /**
   * Keys of KMS by which applications sign whose `signedRequest` is `kms`, by names of yours, such as the
   * year. The first one signs; PingOne is to know all of them. Without it there are none.
   */
  signingKeys: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,19}$/))
    .min(1)
    .max(3)
    .refine((labels) => new Set(labels).size === labels.length, { error: "Each key has a name of its own." })
    .optional(),
  /**
   * Origins of web pages and of hybrid apps (`capacitor://localhost`) that may call the API. The first one
   * can also read what the gateway answers by itself. The functions' variable has commas between them.
   */
  allowedOrigins: z.array(z.string().regex(/^[^,]+$/, { error: "Each origin stands by itself." })),
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
      name: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, {
        error: "A domain is a host name in lower case, without a dot at its end.",
      }),
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
      requestsPerAddress: WafLimit,
      credentialsPerAddress: WafLimit,
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
export type Environment = z.output<typeof EnvironmentSchema>;

/** The settings of an environment can't be used: the message has one sentence for each reason. */
export class EnvironmentRefused extends Error {
  override readonly name = "EnvironmentRefused";
}
