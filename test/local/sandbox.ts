import { ResourceInUseException } from "@aws-sdk/client-dynamodb";
import { printableUrl } from "../../infra/printable-url.ts";
import { referenceFiles } from "../contract/page.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { lenientSwitches } from "../simulator/switches.ts";
import type { Engine } from "../support/engines.ts";
import { standInApplications } from "../support/stand-in.ts";
import { createFlowTable } from "../support/table.ts";
import { startKms } from "./aws/kms.ts";
import { startClientSecrets } from "./client-secrets.ts";
import { deployedShape } from "./deployed/deployed-shape.ts";
import { startLocalEngine } from "./engine.ts";
import { introduction } from "./introduction.ts";
import { localOrigin, withLocalPages } from "./local-pages.ts";
import { pageFiles } from "./page-files.ts";
import { prove } from "./proof.ts";
import type { Gateway } from "./rest-api.ts";
import type { Pages, Shape } from "./shape.ts";
import { sourceShape } from "./source-shape.ts";

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
  /** Whether what would be deployed is run, in the place of the sources. */
  readonly deployed: boolean;
  readonly print: (line: string) => void;
}

/**
 * Starts engine, simulator and gateway, creates the table and signs seeded people on through the public API.
 * `PORT` and `SIMULATOR_PORT` choose the ports; `DYNAMODB_ENDPOINT` names an engine that runs already;
 * `ALLOWED_ORIGINS` names the origins of pages that may call, in the place of all of this machine.
 *
 * @throws an error with one clear sentence, when a port is taken or a sign-on failed; nothing
 * is left running then
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { print } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { engine, simulator, gateway } = await startParts(closers, options);
    print("Signing seeded people on through the public API:");
    await prove({
      api: gateway.url,
      simulator,
      print,
    });
    return {
      introduce: () =>
        print(
          introduction({ api: gateway.url, simulator, engine: printableUrl(engine.endpoint) ?? "as given" }),
        ),
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

async function startParts(closers: (() => Promise<void>)[], options: SandboxOptions): Promise<Parts> {
  const { deployed, log, print } = options;
  const ports = { PORT: portFrom("PORT", 8080), SIMULATOR_PORT: portFrom("SIMULATOR_PORT", 9031) };
  const simulator = await onPort(ports.SIMULATOR_PORT, ports, (port) =>
    startSimulator({
      port,
      // Whoever plays with the sandbox brings a client of their own; proofs stay strict.
      switches: lenientSwitches,
      onCode: ({ username, channel, code }) => print(`  ✉ code for ${username} by ${channel}: ${code}`),
    }),
  );
  closers.push(() => simulator.close());
  const pages = withFiles(pagesFrom(process.env["ALLOWED_ORIGINS"]), simulator);
  const shape = deployed ? await deployedShape(log, pages.wrapped) : sourceShape(log, pages);
  closers.push(() => shape.close());
  const gateway = await onPort(ports.PORT, ports, (port) => shape.listen(port));
  closers.push(() => gateway.close());
  if (deployed) print(`Functions: ${shape.description}.`);
  const engine = await startLocalEngine(process.env["DYNAMODB_ENDPOINT"], print);
  closers.push(() => engine.stop());
  const kms = await startKms(shape.keyArns);
  closers.push(() => kms.stop());
  const secrets = await startClientSecrets(shape.environment);
  closers.push(() => secrets.stop());
  shape.configure({
    pingOneBaseUrl: simulator.baseUrl,
    applications: standInApplications,
    dynamoDbEndpoint: engine.endpoint,
    kmsEndpoint: kms.endpoint,
    secretsEndpoint: secrets.endpoint,
    variables: { ALLOWED_ORIGINS: pages.allowedOrigins.join(","), COOKIE_DELIVERY: "true" },
  });
  await prepareTable(engine.endpoint, shape.table);
  return { engine, simulator, gateway };
}

/** Pages of this machine, from any port; or those that are named, as a deployment has them. */
function pagesFrom(text = ""): Pages {
  if (text === "") return { allowedOrigins: [localOrigin], cookieDelivery: false, wrapped: withLocalPages };
  return { allowedOrigins: text.split(","), cookieDelivery: true, wrapped: (api) => api };
}

/** Beside the API there are its document, a page to read it on, and a page to sign on at. */
function withFiles(pages: Pages, simulator: Simulator): Pages {
  const files = new Map([...referenceFiles(), ...pageFiles(simulator)]);
  return { ...pages, wrapped: (api) => ({ ...pages.wrapped(api), files }) };
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
async function prepareTable(endpoint: string, table: Shape["table"]): Promise<void> {
  await createFlowTable(endpoint, table.name, table).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
}
