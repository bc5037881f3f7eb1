import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import { type Finding, settingAt } from "../finding.ts";
import type { Check, Checked } from "./check.ts";

/**
 * What AWS never lets anybody reserve.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const keptUnreserved = 100;

/** What all functions may take together, with the versions that a gradual release keeps: bytes. */
const codeBytes = 100 * 1024 * 1024;

/** Whether Lambda has room for the functions: what they reserve, and their code. */
export const lambdaCheck: Check = {
  about: "Lambda's limits",
  run: async (checked) => {
    const { AccountLimit, AccountUsage } = await checked.clients.lambda.send(
      new GetAccountSettingsCommand({}),
    );
    const { ConcurrentExecutions: all = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
      AccountLimit ?? {};
    const left =
      (AccountLimit?.TotalCodeSize ?? Number.POSITIVE_INFINITY) - (AccountUsage?.TotalCodeSize ?? 0);
    return [...(await concurrencyFindings(checked, all, unreserved)), ...storageFindings(left)];
  },
};

async function concurrencyFindings(checked: Checked, all: number, unreserved: number): Promise<Finding[]> {
  const { environment } = checked;
  const wanted = Object.values(environment.limits.reservedConcurrency).reduce((sum, one) => sum + one, 0);
  if (wanted === 0 || unreserved - wanted >= keptUnreserved) return [];
  // What an earlier deployment has reserved is given back by this one.
  const free = unreserved + (await reservedByUs(checked));
  const short = keptUnreserved + wanted - free;
  if (short <= 0) return [];
  const what = `The functions reserve ${wanted} executions at once, AWS keeps ${keptUnreserved} unreserved, and only ${free} are free.`;
  const setting = settingAt(environment, "limits.reservedConcurrency");
  const mend = `ask for ${all + short} at Service Quotas (lambda, L-B99A9384), or lower ${setting}`;
  return [{ kind: "concurrency", what, mend }];
}

/** By the names that CloudFormation gives to functions of this stack. */
async function reservedByUs({ environment, clients: { lambda } }: Checked): Promise<number> {
  let reserved = 0;
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName = "" } of Functions) {
      if (!FunctionName.startsWith(`sign-on-${environment.name}-Function`)) continue;
      const found = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      reserved += found.ReservedConcurrentExecutions ?? 0;
    }
  }
  return reserved;
}

function storageFindings(left: number): Finding[] {
  if (left >= codeBytes) return [];
  const what = `Lambda has room for ${Math.floor(left / 1024 / 1024)} MB more of code in this region, and the functions may take ${codeBytes / 1024 / 1024} MB.`;
  const mend = "delete old versions of functions, or ask for more at Service Quotas (lambda, L-2ACBD22F)";
  return [{ kind: "lambda-storage", what, mend }];
}
