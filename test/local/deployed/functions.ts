import * as z from "zod";
import type { Assembly } from "./assembly.ts";

/** A function as it would be deployed, with local values in its variables. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly runtime: string;
  readonly handler: string;
  /** Where its code lies. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** How many of it may run at once, where the template says. */
  readonly reserved?: number | undefined;
}

const FunctionProperties = z.looseObject({
  Code: z.looseObject({ S3Key: z.string() }),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  Handler: z.string(),
  MemorySize: z.number().default(128),
  ReservedConcurrentExecutions: z.number().optional(),
  Runtime: z.string(),
  Timeout: z.number().default(3),
});

const PermissionProperties = z.looseObject({
  Action: z.literal("lambda:InvokeFunction"),
  FunctionName: z.string(),
  Principal: z.string(),
});

/** The functions of an assembly, by name. */
export function functionsOf(assembly: Assembly): ReadonlyMap<string, DeployedFunction> {
  const described = assembly.resources("AWS::Lambda::Function", FunctionProperties);
  return new Map([...described].map(([name, properties]) => [name, deployed(assembly, name, properties)]));
}

function deployed(
  { region, uploadedAs }: Assembly,
  name: string,
  properties: z.output<typeof FunctionProperties>,
): DeployedFunction {
  return {
    name,
    arn: `arn:aws:lambda:${region}:000000000000:function:${name}`,
    region,
    runtime: properties.Runtime,
    handler: properties.Handler,
    folder: uploadedAs(properties.Code.S3Key),
    variables: properties.Environment?.Variables ?? {},
    timeoutMs: properties.Timeout * 1_000,
    memoryMb: properties.MemorySize,
    reserved: properties.ReservedConcurrentExecutions,
  };
}

/** The names of the functions that API Gateway may invoke. */
export function invokedByGateway(assembly: Assembly): ReadonlySet<string> {
  const permissions = assembly.resources("AWS::Lambda::Permission", PermissionProperties);
  const given = [...permissions.values()].filter(({ Principal }) => Principal === "apigateway.amazonaws.com");
  return new Set(given.map(({ FunctionName }) => functionNameIn(FunctionName)));
}

/** The name in a function's name or ARN, with or without an alias. */
export function functionNameIn(reference: string): string {
  return /:function:([^:/]+)/.exec(reference)?.[1] ?? reference;
}
