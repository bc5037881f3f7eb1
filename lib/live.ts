import { loadConfig } from "./config.ts";
import type { HttpApp } from "./http/endpoint.ts";
import { createRequestLog } from "./log.ts";
import { createPingOne } from "./pingone/client.ts";
import { createDynamoClient } from "./store/client.ts";
import { createFlowStore } from "./store/dynamo.ts";

/**
 * Puts a function together from its environment variables.
 *
 * @throws ConfigurationError naming every variable that is missing or wrong
 */
export function live(): HttpApp {
  const { environment, tableName, pingOne, flows, allowedOrigins } = loadConfig();
  const clock = { now: () => Date.now() };
  return {
    flows: {
      store: createFlowStore({
        client: createDynamoClient(flows.budgets),
        tableName,
        environment,
        budgetMs: flows.budgets.storeMs,
      }),
      provider: createPingOne(pingOne, clock),
      clock,
      settings: flows,
    },
    log: createRequestLog(environment),
    allowedOrigins,
  };
}
