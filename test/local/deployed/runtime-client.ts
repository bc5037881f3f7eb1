// The runtime of a function's process, where AWS's own isn't installed. It imports nothing but Node, for it
// runs beside bundles that must not find more.
import { Agent, request } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Handler = (event: unknown, context: object) => unknown;

interface Answer {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = variable("AWS_LAMBDA_RUNTIME_API").split(":");
let inProgress: string | undefined;

for (const [event, code] of [
  ["uncaughtException", 129],
  ["unhandledRejection", 128],
] as const) {
  process.on(event, (error: unknown) => {
    const exit = () => process.exit(code);
    fail(inProgress, error).then(exit, exit);
  });
}

const handler = await load().catch(async (error: unknown) => {
  await fail(undefined, error);
  process.exit(1);
});

for (;;) await serveOne(handler);

async function serveOne(handle: Handler): Promise<void> {
  const { headers, body } = await call("GET", "/invocation/next");
  const id = String(headers["lambda-runtime-aws-request-id"]);
  inProgress = id;
  process.env["_X_AMZN_TRACE_ID"] = String(headers["lambda-runtime-trace-id"]);
  try {
    const result = await handle(JSON.parse(body), contextOf(id, headers));
    await call("POST", `/invocation/${id}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await fail(id, error);
  }
  inProgress = undefined;
}

async function load(): Promise<Handler> {
  const [file = "", name = ""] = variable("_HANDLER").split(".");
  const url = pathToFileURL(join(variable("LAMBDA_TASK_ROOT"), `${file}.mjs`)).href;
  const loaded: object = await import(url);
  const found: unknown = Reflect.get(loaded, name);
  if (!isHandler(found)) throw new Error(`${file}.${name} is undefined or not exported`);
  return found;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === "function";
}

function contextOf(awsRequestId: string, headers: Answer["headers"]): object {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  // By the machine's clock, whatever clock the function goes by.
  const now = () => performance.timeOrigin + performance.now();
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: variable("AWS_LAMBDA_FUNCTION_NAME"),
    functionVersion: variable("AWS_LAMBDA_FUNCTION_VERSION"),
    invokedFunctionArn: String(headers["lambda-runtime-invoked-function-arn"]),
    logGroupName: variable("AWS_LAMBDA_LOG_GROUP_NAME"),
    logStreamName: variable("AWS_LAMBDA_LOG_STREAM_NAME"),
    memoryLimitInMB: variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
    getRemainingTimeInMillis: () => deadline - now(),
  };
}

async function fail(id: string | undefined, error: unknown): Promise<void> {
  const told =
    error instanceof Error
      ? {
          errorType: error.name,
          errorMessage: error.message,
          trace: (error.stack ?? "").split("\n").slice(1),
        }
      : { errorType: "Error", errorMessage: String(error), trace: [] };
  const path = id === undefined ? "/init/error" : `/invocation/${id}/error`;
  await call("POST", path, JSON.stringify(told), { "Lambda-Runtime-Function-Error-Type": told.errorType });
}

function call(
  method: string,
  path: string,
  body = "",
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { host, port, method, agent, path: `/2018-06-01/runtime${path}`, headers };
  const sent = request(options, (response) => {
    let read = "";
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      read += text;
    });
    response.on("end", () => resolve({ headers: response.headers, body: read }));
  });
  sent.on("error", reject).end(body);
  return promise;
}

function variable(name: string): string {
  return process.env[name] ?? "";
}
