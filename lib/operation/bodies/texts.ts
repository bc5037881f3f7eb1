import * as z from "zod/mini";
import { foldedId } from "../../flow/ids.ts";
import { type FlowId, flowIdIn } from "../../flow/log-text.ts";
import { longest } from "./longest.ts";

/** A user name is whatever the directory has: we bound its length and leave the judgement to PingOne. */
export const Username = z.string().check(z.minLength(1), longest(256));

/** A password that somebody chooses: PingOne takes 255 characters at most (docs/pingone.md §3.8). */
export const NewPassword = z.string().check(z.minLength(1), longest(256));

/** A mail address: what one may look like is PingOne's to judge. */
export const Email = z.string().check(z.minLength(1), longest(256));

/** A password, old or new: what it may be made of is PingOne's to judge. */
export const Password = z.string().check(z.minLength(1), longest(1024));

/**
 * A `flowId`: a UUID of version 4, in letters of any case. Parsed, it is in the case that everything
 * else has it in.
 */
export const FlowIdSchema = z.pipe(
  z.pipe(z.string(), z.transform(foldedId)),
  z.custom<FlowId>((value) => typeof value === "string" && flowIdIn(value) !== undefined),
);
