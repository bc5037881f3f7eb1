import type { Budgets } from "../flow/budgets.ts";
import { isOutage } from "../outage.ts";
import { Refusal } from "./errors.ts";

/** What every AWS client of a workflow's call is made with: two tries at most, none longer than one of DynamoDB's. */
export function clientSettings({ storeTryMs }: Pick<Budgets, "storeTryMs">) {
  return {
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: storeTryMs,
      requestTimeout: storeTryMs,
      // Without this the handler only warns and goes on waiting.
      throwOnRequestTimeout: true,
      socketTimeout: storeTryMs,
      httpsAgent: { keepAlive: true },
    },
  };
}

/**
 * What an AWS service answers, as long as nothing has been sent to PingOne.
 *
 * @throws Refusal `upstream-unavailable` when it didn't answer: the same call may be made again
 */
export async function available<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw isOutage(error) ? new Refusal({ code: "upstream-unavailable" }) : error;
  }
}
