import type { Budgets } from "../flow/budgets.ts";

/**
 * What an AWS client beside the table's is made with: two tries at most, none longer than one of DynamoDB's.
 */
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
