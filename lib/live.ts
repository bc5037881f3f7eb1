import type { ClientSecretSettings } from "./aws/client-secrets.ts";
import type { SigningKeySettings } from "./aws/signing-key.ts";
import { loadConfig } from "./config.ts";
import type { ClientSecrets } from "./flow/client-secrets.ts";
import type { Clock } from "./flow/clock.ts";
import type { CompletionReporter } from "./flow/reporter.ts";
import type { SigningKey } from "./flow/signing-key.ts";
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
    signingKeyArn,
    pingOne,
    flows,
    allowedOrigins,
    cookieDelivery,
    workflow,
  } = loadConfig();
  const { budgets } = flows;
  const table = { client: createDynamoClient(budgets), tableName, budgetMs: budgets.storeMs };
  const keyedHash = keyedHashOf({ environment, keyArn: hashKeyArn, budgets });
  const clock = { now: () => Date.now() };
  const secrets = secretsOf({ environment, budgets }, clock);
  const signingKey =
    signingKeyArn === undefined ? undefined : signingKeyOf({ keyArn: signingKeyArn, budgets });
  return {
    flows: {
      store: createFlowStore({ ...table, environment }),
      limiter: createRateLimiter({ ...table, keyedHash }),
      provider: createPingOne(pingOne, clock, secrets, signingKey),
      clock,
      settings: flows,
      reporter: workflow && reporterOf({ environment, keyArn: workflow.keyArn, budgets }),
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
  const hash = lazily(async () => {
    const { createKmsHash } = await import("./store/keyed-hash.ts");
    return () => createKmsHash(settings);
  });
  return {
    of: async (...texts) => (await hash.loaded()).of(...texts),
    prepare: () =>
      void hash.loaded().then(
        (loaded) => loaded.prepare(),
        () => undefined,
      ),
  };
}

/** Loaded when an application first has to prove itself. */
function secretsOf(settings: ClientSecretSettings, clock: Clock): ClientSecrets {
  const secrets = lazily(async () => {
    const { createClientSecrets } = await import("./aws/client-secrets.ts");
    return () => createClientSecrets(settings, clock);
  });
  return {
    of: async (application) => (await secrets.loaded()).of(application),
    forget: (application) => secrets.made()?.forget(application),
  };
}

/** Loaded when something is first signed by it for an application. */
function signingKeyOf(settings: SigningKeySettings): () => Promise<SigningKey> {
  return lazily(async () => {
    const { createSigningKey } = await import("./aws/signing-key.ts");
    return () => createSigningKey(settings);
  }).loaded;
}

/**
 * Loaded when the first flow ends that a workflow waits for: most requests end none, and its AWS clients take
 * time.
 */
function reporterOf(settings: SealingSettings): CompletionReporter {
  const reporter = lazily(async () => {
    const { createReporter } = await import("./workflow/reporter.ts");
    return () => createReporter(settings);
  });
  return {
    report: async (waiter, completion) => (await reporter.loaded()).report(waiter, completion),
    reportReplaced: async (replaced) => (await reporter.loaded()).reportReplaced(replaced),
  };
}

/** What is made once, of code that is loaded when it is first needed. */
interface Lazy<Made> {
  readonly loaded: () => Promise<Made>;
  /** Nothing where it was never needed. */
  readonly made: () => Made | undefined;
}

function lazily<Made>(load: () => Promise<() => Made>): Lazy<Made> {
  let made: Made | undefined;
  return {
    loaded: async () => {
      const make = await load();
      made ??= make();
      return made;
    },
    made: () => made,
  };
}
