import type { LambdaHandler } from "../../lib/http/endpoint.ts";
import { type OperationName, operationNames } from "../../lib/operation/names.ts";
import type { Operation } from "../../lib/operation/operation.ts";
import { eachByName } from "./by-name.ts";

/** What a file in `functions/` exports. */
interface FunctionFile {
  readonly operation: Operation;
  readonly handler: LambdaHandler;
}

/** Every function: the file of its name. */
export const functions = await eachByName(operationNames, readFunction);

async function readFunction(name: OperationName): Promise<FunctionFile> {
  const { operation, handler }: Partial<FunctionFile> = await import(`../../functions/${name}.ts`);
  if (operation?.name !== name || handler === undefined) {
    throw new Error(`functions/${name}.ts exports no operation and handler of that name.`);
  }
  return { operation, handler };
}
