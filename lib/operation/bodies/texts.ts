import * as z from "zod";
import { type FlowId, flowIdIn } from "../../flow/log-text.ts";

/** A user name is whatever the directory has: we bound its length and leave the judgement to PingOne. */
export const Username = z.string().min(1).max(256);

/** The `flowId` of a path: a UUID of version 4, in lower case (RFC 9562 §4). */
export const FlowIdSchema = z.custom<FlowId>(
  (value) => typeof value === "string" && flowIdIn(value) !== undefined,
);
