import * as z from "zod";
import type { DeployedEnvironment } from "../lib/config.ts";
import { operationNames } from "../lib/operation/names.ts";

const rate = z.strictObject({
  /** Requests a second, on the average. */
  perSecond: z.number().positive(),
  /** Requests at once. */
  burst: z.int().positive(),
});

const tries = z.int().min(1).max(1_000_000);

/** What an environment's settings say of limits. */
export const LimitsSchema = z.strictObject({
  /** Lookups, passwords, codes and device choices in one flow, together. */
  attempts: z.int().min(1).max(100),
  /** Passwords and codes in one flow, together. */
  credentials: z.int().min(1).max(100),
  /**
   * How often names may be asked about: so many times at once, and as many again in each window. `perName` is for one
   * name from one network, `perNetwork` for all names from it.
   */
  names: z.strictObject({ perName: tries, perNetwork: tries, windowSeconds: z.int().min(1).max(86_400) }),
  /** For each method; `credentials` for password and otp. */
  throttling: z.strictObject({ default: rate, credentials: rate }),
  /** Concurrent executions kept for a function, and its upper limit: see docs/operations.md for the formula. */
  reservedConcurrency: z.partialRecord(z.enum(operationNames), z.int().positive()),
});

/** The limits that the functions themselves hold, as their variables. */
export function limitVariables({ attempts, credentials, names }: z.output<typeof LimitsSchema>) {
  return {
    ATTEMPT_LIMIT: String(attempts),
    CREDENTIAL_LIMIT: String(credentials),
    NAME_LIMIT: String(names.perName),
    NETWORK_LIMIT: String(names.perNetwork),
    LIMIT_WINDOW_SECONDS: String(names.windowSeconds),
  } satisfies Partial<DeployedEnvironment>;
}
