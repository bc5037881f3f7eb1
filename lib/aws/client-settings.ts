import type { Budgets } from "../flow/budgets.ts";
import { endpointOf } from "./endpoint.ts";

/**
 * What an AWS client beside the table's is made with: two tries at most, none longer than one of DynamoDB's.
 */
export function clientSettings(
  service: Parameters<typeof endpointOf>[0],
  { storeTryMs }: Pick<Budgets, "storeTryMs">,
) {
  return {
    endpointProvider: endpointOf(service),
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
