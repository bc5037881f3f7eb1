import * as z from "zod";
import { operationNames } from "../lib/operation/names.ts";

const rate = z.strictObject({
  /** Requests a second, on the average. */
  perSecond: z.number().positive(),
  /** Requests at once. */
  burst: z.int().positive(),
});

/** What an environment's settings say of limits. Bounds of those that the functions hold: `lib/config.ts`. */
export const LimitsSchema = z.strictObject({
  /** Lookups, passwords, codes and device choices in one flow, together. */
  attempts: z.int(),
  /** Passwords and codes in one flow, together. */
  credentials: z.int(),
  /**
   * How often names may be asked about: so many times at once, and as many again in each window. `perName` is
   * for one name from one network, `perNetwork` for all names from it.
   */
  names: z.strictObject({ perName: z.int(), perNetwork: z.int(), windowSeconds: z.int() }),
  /**
   * How many messages a person may be sent from one network, in the same way: every request for which PingOne
   * may send one counts.
   */
  messages: z.strictObject({ perPerson: z.int(), windowSeconds: z.int() }),
  /** For each method; `credentials` for password and otp. */
  throttling: z.strictObject({ default: rate, credentials: rate }),
  /** Concurrent executions kept for a function, and its upper limit: docs/operations.md has the formula. */
  reservedConcurrency: z.partialRecord(z.enum(operationNames), z.int().positive()),
});
