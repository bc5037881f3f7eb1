import type { JWTPayload } from "jose";
import { routes } from "../../infra/api/routes.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import { readAssembly } from "../local/deployed/assembly.ts";
import { deploy } from "../local/deployed/deployed.ts";
import { tableOf } from "../local/deployed/flow-table.ts";
import type { FunctionPool, Invoked } from "../local/deployed/function-pool.ts";
import { keyArnsOf } from "../local/deployed/keys.ts";
import { ownRuntime, patient } from "../local/deployed/runtimes.ts";
import { currentAssembly, withStateMachines } from "../local/deployed/synthesis.ts";
import { serveRestApi } from "../local/rest-api.ts";
import { type Definition, machinesOf } from "../local/workflow/definition.ts";
import { Execution, type Invocation, type Json, type Surroundings } from "../local/workflow/execution.ts";
import { applications } from "../simulator/applications.ts";
import type { ApiReply } from "./flow-client.ts";
import { createHoldingClient, type HoldingClient } from "./holding-client.ts";
import { redeem } from "./redeem.ts";
import { type Services, type ServicesOptions, startServices } from "./services.ts";
import { noNameLimits, standInApplications } from "./stand-in.ts";
import { createFlowTable } from "./table.ts";
import { judgeHeads } from "./upstream-heads.ts";

/** The state machines that are deployed. */
type MachineName = "SignOnMonitor" | "SignOnWorkflow";

/** What each is called where it is deployed, before the name of the environment. */
const namePatterns: Readonly<Record<MachineName, RegExp>> = {
  SignOnMonitor: /^sign-on-monitor-/,
  SignOnWorkflow: /^sign-on-(?!monitor-)/,
};

/** The product as it would be deployed, with its workflows, by a clock that can be put forward. */
export interface WorkflowProduct
  extends Pick<Services, "callbacks" | "clock" | "given" | "kms" | "secrets" | "simulator"> {
  /** The public API. */
  readonly api: string;
  definition(name: MachineName): Definition;
  /** Starts a state machine. */
  run(definition: Definition, input: Json, options?: RunOptions): Execution;
  /** Invokes a function directly, as a task does. */
  invoke(name: OperationName, payload: unknown): Promise<Invoked>;
  /** All that Step Functions would have kept of every execution and every direct invocation so far. */
  history(): readonly unknown[];
  /** What the functions have logged since it was last taken. */
  takeLogged(): string;
  pool(name: OperationName): FunctionPool;
  client(): HoldingClient;
  /**
   * Nothing that was planned happens any more, and time has passed: whoever was told to wait has waited, and
   * every lock is over.
   *
   * @param passedMs milliseconds
   */
  calm(passedMs?: number): void;
  /** Redeems the code that a resume brought, and gives the claims of the verified ID token. */
  redeem(resumed: ApiReply, verifier: string): Promise<JWTPayload>;
  close(): Promise<void>;
}

/** How a run differs from one where everybody does what they should. */
export interface RunOptions extends Partial<Pick<Surroundings, "customers" | "lostName">> {
  /** Stands between Step Functions and Lambda; `deliver` has the function run. */
  readonly platform?: Platform;
}

/** What becomes of a task's invocation. */
export type Platform = (call: Invocation, deliver: () => Promise<Invoked>) => Promise<Invoked>;

/** What to start or to configure differently. */
interface WorkflowProductOptions extends ServicesOptions {
  /** Variables of the functions. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Longer than any lock lasts. */
const lockedMs = 11 * 60_000;

/** The function is asked, and answers. */
export const asItShould: Platform = (_, deliver) => deliver();

/** Starts everything but the functions' processes, which start when they are first asked for. */
export async function createWorkflowProduct({
  variables = {},
  ...options
}: WorkflowProductOptions = {}): Promise<WorkflowProduct> {
  const assembly = readAssembly(await currentAssembly(withStateMachines));
  const services = await startServices(keyArnsOf(assembly), options);
  const { clock, simulator, kms, secrets, callbacks, given } = services;
  const logged: string[] = [];
  const deployed = deploy(assembly, {
    runtime: clock.governing(patient(ownRuntime)),
    log: (text) => logged.push(text),
  });
  deployed.configure({
    replaced: {
      ...{ PINGONE_BASE_URL: services.pingOneBaseUrl, APPLICATIONS: standInApplications },
      ...noNameLimits,
      ...variables,
    },
    added: services.endpoints,
  });
  const table = tableOf(assembly);
  await createFlowTable(services.engineEndpoint, table.name, table);
  const gateway = await serveRestApi(deployed.api, 0);
  const machines = machinesOf(assembly);
  const executions: Execution[] = [];
  const invocations: unknown[] = [];
  const pool = (name: OperationName) => {
    const route = routes.find((one) => one.function === name);
    return deployed.behind(route?.method ?? "", route?.path ?? "");
  };
  return {
    api: gateway.url,
    ...{ simulator, clock, kms, secrets, callbacks, given },
    definition: (name) => definitionNamed(machines, name),
    run: (definition, input, { platform = asItShould, customers = {}, ...differences } = {}) => {
      const execution = new Execution(definition, input, {
        clock,
        callbacks,
        invoke: (call) => platform(call, () => deployed.named(call.functionName).invoke(call.payload)),
        customers: { HandOver: async () => ({}), AfterSignOn: async () => ({}), ...customers },
        ...differences,
      });
      executions.push(execution);
      return execution;
    },
    invoke: async (name, payload) => {
      const outcome = await pool(name).invoke(JSON.stringify(payload));
      invocations.push({ name, payload, outcome });
      return outcome;
    },
    history: () => [...executions.flatMap(({ history }) => history), ...invocations],
    takeLogged: () => logged.splice(0).join(""),
    pool,
    client: () => createHoldingClient(gateway.url),
    calm: (passedMs = lockedMs) => {
      simulator.faults.clear();
      for (const service of [kms, secrets, callbacks]) service.clear();
      clock.advance(passedMs);
    },
    redeem: ({ body: { code = "", redirectUri = "" } }, verifier) =>
      redeem({
        ...{ baseUrl: simulator.baseUrl, clientId: applications.public.clientId },
        ...{ code, redirectUri, verifier, now: clock.now() },
      }),
    close: async () => {
      await gateway.close();
      await deployed.close();
      await services.close();
      judgeHeads(simulator.calls);
    },
  };
}

function definitionNamed(machines: ReadonlyMap<string, Definition>, name: MachineName): Definition {
  const found = [...machines].filter(([deployedName]) => namePatterns[name].test(deployedName));
  const [definition] = found.map(([, one]) => one);
  if (definition === undefined || found.length > 1) throw new Error(`There isn't one state machine ${name}.`);
  return definition;
}
