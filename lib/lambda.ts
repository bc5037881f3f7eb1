import { foreignHandlers } from "./foreign-event.ts";
import { type HttpApp, httpHandler, isGatewayEvent, type LambdaHandler } from "./http/endpoint.ts";
import type { Operation } from "./operation/operation.ts";
import type { WorkflowHandler, WorkflowSettings } from "./workflow/handler.ts";

/** What every function of one deployment runs on, whoever calls it. */
export interface App extends HttpApp {
  readonly environment: string;
  /** Absent where no workflow may call. */
  readonly workflow: WorkflowSettings | undefined;
}

/** A function's handler: what it answers depends on who calls. */
export interface LambdaFunction extends LambdaHandler {
  (event: unknown, context: LambdaContext): Promise<unknown>;
}

type LambdaContext = Parameters<LambdaHandler>[1];

/**
 * A function as Lambda calls it: with a REST API's event it answers a client over HTTP; any other event
 * is a workflow's call, which IAM has let through, unless it is known to come from elsewhere. Its app is
 * built at the first call, so that importing it reads no environment.
 */
export function lambda(operation: Operation, live: () => App): LambdaFunction {
  let handlers: ReturnType<typeof handlersOf> | undefined;
  function handler(event: Parameters<LambdaHandler>[0], context: LambdaContext): ReturnType<LambdaHandler>;
  function handler(event: unknown, context: LambdaContext): Promise<unknown>;
  async function handler(event: unknown, context: LambdaContext): Promise<unknown> {
    handlers ??= handlersOf(operation, live());
    const foreign = handlers.foreign(event);
    if (foreign !== undefined) return foreign(context);
    return isGatewayEvent(event)
      ? handlers.http(event, context)
      : (await handlers.workflow())(event, context);
  }
  return handler;
}

function handlersOf(operation: Operation, app: App) {
  let workflow: WorkflowHandler | undefined;
  return {
    foreign: foreignHandlers(operation.name, app.log),
    http: httpHandler(operation, app),
    // Loaded at the first call of a workflow: most functions never meet one, and its AWS clients
    // take time to load.
    workflow: async (): Promise<WorkflowHandler> => {
      const { workflowHandler } = await import("./workflow/handler.ts");
      workflow ??= workflowHandler(operation, app);
      return workflow;
    },
  };
}
