import { startKms } from "../local/aws/kms.ts";
import { startClientSecrets } from "../local/client-secrets.ts";
import { shapeOf } from "../local/deployed/deployed-shape.ts";
import type { FunctionPool } from "../local/deployed/function-pool.ts";
import { patient } from "../local/deployed/runtimes.ts";
import { currentAssembly } from "../local/deployed/synthesis.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { engineKinds } from "./engines.ts";
import { FlowClient } from "./flow-client.ts";
import type { Product } from "./product.ts";
import { claimsIn } from "./redeem.ts";
import { noNameLimits, standInApplications } from "./stand-in.ts";
import { createFlowTable } from "./table.ts";
import { judgeHeads } from "./upstream-heads.ts";

/** The product as it would be deployed, by the machine's own clock. */
export interface DeployedProduct
  extends Pick<Product, "api" | "client" | "close" | "code" | "redeem" | "simulator"> {
  /** The function behind a route. */
  behind(method: string, path: string): FunctionPool;
}

/**
 * Starts engine, simulator and gateway; the functions' processes start when they are first asked for.
 *
 * @param folder the assembly to run, in the place of the sources' own
 */
export async function createDeployedProduct(folder?: string): Promise<DeployedProduct> {
  const [kind] = engineKinds;
  if (kind === undefined) throw new Error("There is no engine for this machine.");
  const shape = shapeOf(folder ?? (await currentAssembly()), false, patient);
  const [engine, simulator] = await Promise.all([kind.start(), startSimulator()]);
  const [kms, secrets] = await Promise.all([startKms(shape.keyArns), startClientSecrets(shape.environment)]);
  await createFlowTable(engine.endpoint, shape.table.name, shape.table);
  shape.configure({
    pingOneBaseUrl: simulator.baseUrl,
    applications: standInApplications,
    dynamoDbEndpoint: engine.endpoint,
    kmsEndpoint: kms.endpoint,
    secretsEndpoint: secrets.endpoint,
    variables: noNameLimits,
  });
  const gateway = await shape.listen(0);
  return {
    api: gateway.url,
    simulator,
    behind: shape.behind,
    client: () => new FlowClient(gateway.url),
    code: (username) => simulator.atHand(username) ?? "",
    redeem: redeemer(simulator),
    close: async () => {
      await gateway.close();
      await shape.close();
      await Promise.all([simulator.close(), engine.stop(), kms.stop(), secrets.stop()]);
      judgeHeads(simulator.calls);
    },
  };
}

function redeemer({ baseUrl }: Simulator): Product["redeem"] {
  return ({ pkce }, reply) => claimsIn(reply, pkce, { baseUrl, now: Date.now() });
}
