import { isOutage } from "../aws/outage.ts";
import { Refusal } from "./errors.ts";

/**
 * What an AWS service answers, as long as nothing has been sent to PingOne.
 *
 * @throws Refusal `upstream-unavailable` when it didn't answer: the same call may be made again
 */
export async function available<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw isOutage(error) ? new Refusal({ error: "upstream-unavailable" }) : error;
  }
}
