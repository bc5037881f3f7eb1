import { ResourceInUseException } from "@aws-sdk/client-dynamodb";
import { handler as cancel } from "../../functions/cancel.ts";
import { handler as device } from "../../functions/device.ts";
import { handler as lookup } from "../../functions/lookup.ts";
import { handler as otp } from "../../functions/otp.ts";
import { handler as password } from "../../functions/password.ts";
import { handler as resume } from "../../functions/resume.ts";
import { handler as start } from "../../functions/start.ts";
import { handler as status } from "../../functions/status.ts";
import type { FunctionEnvironment } from "../../lib/config.ts";
import { budgetsFor } from "../../lib/flow/budgets.ts";
import { createDynamoClient } from "../../lib/store/client.ts";
import { applications } from "../simulator/applications.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { startSimulator } from "../simulator/simulator.ts";
import type { Engine } from "../support/engines.ts";
import { createFlowTable } from "../support/table.ts";
import { startLocalEngine } from "./engine.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { introduction } from "./introduction.ts";
import { prove } from "./proof.ts";

/** The whole product on one machine, with a stand-in for PingOne. */
export interface Sandbox {
  /** Prints how to play with it. */
  introduce(): void;
  /** Stops everything that was started; resolves when nothing is left. */
  close(): Promise<void>;
}

/** How to start the sandbox. */
export interface SandboxOptions {
  /** Whether the functions write their request log. */
  readonly log: boolean;
  readonly print: (line: string) => void;
}

const tableName = "flows";
const handlers = { cancel, device, lookup, otp, password, resume, start, status };

/**
 * Starts engine, simulator and gateway, creates the table and signs seeded people on through the public API.
 * `PORT` and `SIMULATOR_PORT` choose the ports; `DYNAMODB_ENDPOINT` names an engine that runs already.
 *
 * @throws an error with one clear sentence, when a port is taken or a sign-on failed; nothing is left running then
 */
export async function startSandbox({ log, print }: SandboxOptions): Promise<Sandbox> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { engine, simulator, gateway } = await startParts(closers, { log, print });
    print("Signing seeded people on through the public API:");
    await prove({
      api: gateway.url,
      pingOne: simulator.baseUrl,
      clientId: applications.public.clientId,
      code: (username) => simulator.inbox.latest(username)?.code ?? "",
      print,
    });
    return {
      introduce: () => print(introduction({ api: gateway.url, simulator, engine: engine.endpoint })),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly engine: Engine;
  readonly simulator: Simulator;
  readonly gateway: Gateway;
}

async function startParts(closers: (() => Promise<void>)[], { log, print }: SandboxOptions): Promise<Parts> {
  const ports = { PORT: portFrom("PORT", 8080), SIMULATOR_PORT: portFrom("SIMULATOR_PORT", 9031) };
  const simulator = await onPort(ports.SIMULATOR_PORT, ports, (port) =>
    startSimulator({
      port,
      onCode: ({ username, channel, code }) => print(`  ✉ code for ${username} by ${channel}: ${code}`),
    }),
  );
  closers.push(() => simulator.close());
  const gateway = await onPort(ports.PORT, ports, (port) => startGateway(handlers, port));
  closers.push(() => gateway.close());
  const engine = await startLocalEngine(process.env["DYNAMODB_ENDPOINT"], print);
  closers.push(() => engine.stop());
  configure(functionEnvironment(simulator.baseUrl), engine.endpoint, log);
  await prepareTable(engine.endpoint);
  return { engine, simulator, gateway };
}

function functionEnvironment(baseUrl: string): FunctionEnvironment {
  const { clientId, redirectUris, scopes } = applications.public;
  const policies = ["Single_Factor", "Multi_Factor", "Passwordless", "Identifier_First"];
  return {
    ENVIRONMENT: "local",
    TABLE_NAME: tableName,
    PINGONE_BASE_URL: baseUrl,
    APPLICATIONS: JSON.stringify({ mobile: { clientId, redirectUri: redirectUris[0], scopes, policies } }),
  };
}

/** The handlers read their environment when they are first called, as they do in Lambda. */
function configure(environment: FunctionEnvironment, engineEndpoint: string, log: boolean): void {
  Object.assign(process.env, environment, {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: engineEndpoint,
    POWERTOOLS_LOG_LEVEL: log ? "INFO" : "SILENT",
  });
}

function portFrom(variable: string, fallback: number): number {
  const text = process.env[variable];
  const port = text === undefined || text === "" ? fallback : Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Error(`${variable} is not a port number.`);
}

async function onPort<Server>(
  port: number,
  { PORT, SIMULATOR_PORT }: Readonly<Record<"PORT" | "SIMULATOR_PORT", number>>,
  listen: (port: number) => Promise<Server>,
): Promise<Server> {
  try {
    return await listen(port);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      const others = `PORT=${PORT + 1} SIMULATOR_PORT=${SIMULATOR_PORT + 1}`;
      throw new Error(`Port ${port} is taken. Choose others: ${others} npm start`);
    }
    throw error;
  }
}

/** A server that was there before may have the table already. */
async function prepareTable(endpoint: string): Promise<void> {
  const client = createDynamoClient({ ...budgetsFor(8_000), endpoint });
  try {
    await createFlowTable(client, tableName);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
}
