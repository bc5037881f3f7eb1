import type { JsonService, Listener } from "../local/aws/json-service.ts";
import { startKms } from "../local/aws/kms.ts";
import { type SecretsManager, startSecretsManager } from "../local/aws/secrets-manager.ts";
import { startTaskCallbacks, type TaskCallbacks } from "../local/aws/task-callbacks.ts";
import { ForwardClock } from "../local/workflow/forward-clock.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import type { Switches } from "../simulator/switches.ts";
import { engineKinds } from "./engines.ts";
import { type Answered, type Heard, startTap } from "./tap.ts";

/** What a function reaches. */
export type Reached = "callbacks" | "engine" | "hash key" | "kms" | "PingOne" | "secrets";

/** Hears of whatever a function asks, when it arrives and when it has been carried out. */
type Hearer = (reached: Reached, moment: "arrived" | "carried out") => void;

/** Everything that functions reach, by one clock that can be put forward. */
export interface Services {
  readonly clock: ForwardClock;
  readonly simulator: Simulator;
  readonly kms: JsonService;
  readonly secrets: SecretsManager;
  readonly callbacks: TaskCallbacks;
  /** What PingOne has given to the functions: every cookie and every authorization code. */
  readonly given: readonly string[];
  /** The engine itself, past whoever hears. */
  readonly engineEndpoint: string;
  /** Where functions reach PingOne, and each service by the variable that the AWS SDK reads. */
  readonly pingOneBaseUrl: string;
  readonly endpoints: Readonly<Record<`AWS_ENDPOINT_URL_${string}`, string>>;
  close(): Promise<void>;
}

/** What to start differently. */
export interface ServicesOptions {
  readonly switches?: Partial<Switches>;
  readonly heard?: Hearer;
}

/** Starts an engine, PingOne's stand-in, and KMS with these keys, Secrets Manager and the callbacks. */
export async function startServices(
  keyArns: readonly string[],
  { switches = {}, heard = () => undefined }: ServicesOptions,
): Promise<Services> {
  const [kind] = engineKinds;
  if (kind === undefined) throw new Error("There is no engine for this machine.");
  const clock = new ForwardClock();
  const given: string[] = [];
  const listener =
    (reached: Reached): Listener =>
    (_, moment) =>
      heard(reached, moment);
  const [engine, simulator, kms, secrets, callbacks] = await Promise.all([
    kind.start(),
    startSimulator({ clock, switches }),
    startKms(keyArns, ({ operation }, moment) =>
      heard(operation === "GenerateMac" ? "hash key" : "kms", moment),
    ),
    startSecretsManager(listener("secrets")),
    startTaskCallbacks(listener("callbacks")),
  ]);
  const hearPingOne: Heard = (moment, answered) => {
    if (answered !== undefined) given.push(...secretsIn(answered));
    heard("PingOne", moment);
  };
  const [toEngine, toPingOne] = await Promise.all([
    startTap(engine.endpoint, (moment) => heard("engine", moment), false),
    startTap(simulator.baseUrl, hearPingOne, true),
  ]);
  const servers = [toEngine, toPingOne, kms, secrets, callbacks, engine];
  return {
    ...{ clock, simulator, kms, secrets, callbacks, given },
    engineEndpoint: engine.endpoint,
    pingOneBaseUrl: toPingOne.url,
    endpoints: {
      AWS_ENDPOINT_URL_DYNAMODB: toEngine.url,
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
      AWS_ENDPOINT_URL_SFN: callbacks.endpoint,
    },
    close: async () => {
      await Promise.all([simulator.close(), ...servers.map((server) => server.stop())]);
      clock.close();
    },
  };
}

function secretsIn({ headers, text }: Answered): readonly string[] {
  const cookies = (headers["set-cookie"] ?? []).map((line) => line.replace(/^[^=]*=([^;]*).*$/s, "$1"));
  const codes = [...`${text} ${headers["location"] ?? ""}`.matchAll(/(?:"code":"|[?&]code=)([^"&]{16,})/g)];
  return [...cookies, ...codes.map(([, code = ""]) => code)].filter((secret) => secret !== "");
}
