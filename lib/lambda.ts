import { isInLambda } from "./config.ts";
import type { foreignHandlers } from "./foreign-event.ts";
import { type HttpApp, httpHandler, isGatewayEvent, type LambdaHandler } from "./http/endpoint.ts";
import type { OperationName } from "./operation/names.ts";
import type { Operation } from "./operation/operation.ts";
import type { WorkflowHandler, WorkflowSettings } from "./workflow/handler.ts";

/** What every function of one deployment runs on, whoever calls it. */
export interface App extends HttpApp {
  readonly environment: string;
  /** Absent where no workflow may call. */
  readonly workflow: WorkflowSettings | undefined;
  /** Begins what every request of a function needs and takes a while. Tells of no failure. */
  prepare(name: OperationName): void;
}

/** A function's handler: what it answers depends on who calls. */
export interface LambdaFunction extends LambdaHandler {
  (event: unknown, context: LambdaContext): Promise<unknown>;
}

type LambdaContext = Parameters<LambdaHandler>[1];

/**
 * A function as Lambda calls it: with a REST API's event it answers a client over HTTP; any other event
 * is a workflow's call, which IAM has let through, unless it is known to come from elsewhere.
 *
 * Its app is built while Lambda initializes the function, and whatever takes a while is begun then. Elsewhere
 * it is built at the first call, so that importing it needs no environment. Where it can't be built, each
 * call says so.
 */
export function lambda(operation: Operation, live: () => App): LambdaFunction {
  let built: ReturnType<typeof handlersOf> | undefined;
  const ready = () => {
    built ??= handlersOf(operation, live());
    return built;
  };
  function handler(event: Parameters<LambdaHandler>[0], context: LambdaContext): ReturnType<LambdaHandler>;
  function handler(event: unknown, context: LambdaContext): Promise<unknown>;
  async function handler(event: unknown, context: LambdaContext): Promise<unknown> {
    const handlers = ready();
    if (isGatewayEvent(event)) return handlers.http(event, context);
    const foreign = (await handlers.foreign())(event);
    return foreign === undefined ? (await handlers.workflow())(event, context) : foreign(context);
  }
  if (isInLambda()) attempt(ready);
  return handler;
}

/** What it throws is thrown again at the first call, where somebody hears it. */
function attempt(work: () => unknown): void {
  try {
    work();
  } catch {}
}

function handlersOf(operation: Operation, app: App) {
  let foreign: ReturnType<typeof foreignHandlers> | undefined;
  let workflow: WorkflowHandler | undefined;
  app.prepare(operation.name);
  return {
    http: httpHandler(operation, app),
    // Loaded at the first call that comes otherwise than over HTTP.
    foreign: async () => {
      const loaded = await import("./foreign-event.ts");
      foreign ??= loaded.foreignHandlers(operation.name, app.log);
      return foreign;
    },
    // Loaded at the first call of a workflow: most functions never meet one, and its AWS clients
    // take time to load.
    workflow: async (): Promise<WorkflowHandler> => {
      const { workflowHandler } = await import("./workflow/handler.ts");
      workflow ??= workflowHandler(operation, app);
      return workflow;
    },
  };
}
