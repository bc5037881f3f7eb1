import * as z from "zod";
import { foldedId } from "../../flow/ids.ts";
import { type FlowId, flowIdIn } from "../../flow/log-text.ts";

/** A user name is whatever the directory has: we bound its length and leave the judgement to PingOne. */
export const Username = z.string().min(1).max(256);

/** A password, old or new: what it may be made of is PingOne's to judge. */
export const Password = z.string().min(1).max(1024);

/**
 * A `flowId`: a UUID of version 4, in letters of any case. Parsed, it is in the case that everything
 * else has it in.
 */
export const FlowIdSchema = z
  .string()
  .transform(foldedId)
  .pipe(z.custom<FlowId>((value) => typeof value === "string" && flowIdIn(value) !== undefined));
