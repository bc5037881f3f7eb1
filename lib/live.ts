import type { ClientSecretSettings } from "./aws/client-secrets.ts";
import { loadConfig } from "./config.ts";
import type { ClientSecrets } from "./flow/client-secrets.ts";
import type { Clock } from "./flow/clock.ts";
import type { CompletionReporter } from "./flow/reporter.ts";
import type { App } from "./lambda.ts";
import { createRequestLog } from "./log.ts";
import { alwaysHashes } from "./operation/names.ts";
import { createPingOne } from "./pingone/client.ts";
import { createDynamoClient } from "./store/client.ts";
import { createFlowStore } from "./store/dynamo.ts";
import type { KmsHashSettings, PreparedHash } from "./store/keyed-hash.ts";
import { createRateLimiter } from "./store/limiter.ts";
import type { SealingSettings } from "./workflow/sealing.ts";

/**
 * Puts a function together from its environment variables.
 *
 * @throws ConfigurationError naming every variable that is missing or wrong
 */
export function live(): App {
  const {
    environment,
    logLevel,
    tableName,
    hashKeyArn,
    pingOne,
    flows,
    allowedOrigins,
    cookieDelivery,
    workflow,
  } = loadConfig();
  const table = { client: createDynamoClient(flows.budgets), tableName, budgetMs: flows.budgets.storeMs };
  const keyedHash = keyedHashOf({ environment, keyArn: hashKeyArn, budgets: flows.budgets });
  const clock = { now: () => Date.now() };
  return {
    flows: {
      store: createFlowStore({ ...table, environment }),
      limiter: createRateLimiter({ ...table, keyedHash }),
      provider: createPingOne(pingOne, clock, secretsOf({ environment, budgets: flows.budgets }, clock)),
      clock,
      settings: flows,
      reporter: workflow && reporterOf({ environment, keyArn: workflow.keyArn, budgets: flows.budgets }),
    },
    log: createRequestLog(environment, logLevel),
    allowedOrigins,
    cookieDelivery,
    environment,
    workflow,
    prepare: (name) => {
      if (alwaysHashes(name)) keyedHash.prepare();
    },
  };
}

/** Loaded when the first name is hashed, or is about to be: some functions never need one. */
function keyedHashOf(settings: KmsHashSettings): PreparedHash {
  let keyedHash: PreparedHash | undefined;
  const loaded = async () => {
    const { createKmsHash } = await import("./store/keyed-hash.ts");
    keyedHash ??= createKmsHash(settings);
    return keyedHash;
  };
  return {
    of: async (...texts) => (await loaded()).of(...texts),
    prepare: () =>
      void loaded().then(
        (hash) => hash.prepare(),
        () => undefined,
      ),
  };
}

/** Loaded when an application first has to prove itself. */
function secretsOf(settings: ClientSecretSettings, clock: Clock): ClientSecrets {
  let secrets: ClientSecrets | undefined;
  return {
    of: async (application) => {
      const { createClientSecrets } = await import("./aws/client-secrets.ts");
      secrets ??= createClientSecrets(settings, clock);
      return secrets.of(application);
    },
    forget: (application) => secrets?.forget(application),
  };
}

/**
 * Loaded when the first flow ends that a workflow waits for: most requests end none, and its AWS clients take
 * time.
 */
function reporterOf(settings: SealingSettings): CompletionReporter {
  let reporter: CompletionReporter | undefined;
  const loaded = async () => {
    const { createReporter } = await import("./workflow/reporter.ts");
    reporter ??= createReporter(settings);
    return reporter;
  };
  return {
    report: async (waiter, completion) => (await loaded()).report(waiter, completion),
    reportReplaced: async (replaced) => (await loaded()).reportReplaced(replaced),
  };
}
