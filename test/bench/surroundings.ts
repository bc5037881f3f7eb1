import { startKms } from "../local/aws/kms.ts";
import { defaults, tableName } from "../support/composition.ts";
import { type Engine, engineKinds } from "../support/engines.ts";
import { registered, standInHashKey } from "../support/stand-in.ts";
import { createFlowTable } from "../support/table.ts";
import { spawnTied, type TiedProcess } from "../support/tied-process.ts";

/** What the servers under measurement run against: each of it in a process of its own. */
export interface Surroundings {
  readonly engine: Engine;
  /** PingOne's stand-in. */
  readonly pingOneBaseUrl: string;
  /** The variables of a function. */
  readonly variables: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** The applications of the baseline and of functions of any commit. */
export const application = {
  clientId: registered.mobile.clientId,
  redirectUri: registered.mobile.redirectUris[0],
};

/** Starts engine, stand-in for PingOne, and KMS. */
export async function startSurroundings(): Promise<Surroundings> {
  const [kind] = engineKinds;
  if (kind === undefined) throw new Error("There is no engine for this machine.");
  const simulator = spawnTied(process.execPath, ["test/simulator/main.ts"], {
    ...{ env: { SIMULATOR_PORT: "0" }, stdout: "pipe", stderr: "inherit", signal: "TERM" },
  });
  const [engine, kms, said] = await Promise.all([
    kind.start(),
    startKms([standInHashKey]),
    saying(simulator, /simulator at (\S+)/),
  ]);
  await createFlowTable(engine.endpoint, tableName);
  const applications = {
    mobile: { ...application, scopes: ["openid", "profile"], policies: ["Single_Factor", "Multi_Factor"] },
  };
  return {
    engine,
    pingOneBaseUrl: said,
    variables: {
      ...defaults({ baseUrl: said }),
      APPLICATIONS: JSON.stringify(applications),
      ...{ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" },
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
    },
    stop: async () => {
      await Promise.all([simulator.stop(), engine.stop(), kms.stop()]);
    },
  };
}

/** What a process says first that fits. What it says afterwards is nobody's. @throws when it ends before */
export async function saying({ child, exited }: TiedProcess, pattern: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = "";
  const hear = (text: string) => {
    said += text;
    const found = pattern.exec(said)?.[1];
    if (found !== undefined) resolve(found);
  };
  child.stdout?.setEncoding("utf8").on("data", hear);
  void exited.then(() => reject(new Error(`The process ended, having said: ${said}`)));
  const found = await promise;
  child.stdout?.off("data", hear).resume();
  return found;
}
