import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Source } from "./source-scan.ts";

const tracers = /xray|x-ray|opentelemetry|powertools\/tracer|\b(put|add)(Annotation|Metadata)\b|captureAWS/i;

/** Whatever in the sources would write something into a trace, in words. */
export function findTracers(sources: readonly Source[]): readonly string[] {
  return sources.filter(({ code }) => tracers.test(code)).map(({ path }) => `${path}: writes into traces`);
}

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.looseObject({}).optional() }),
  ),
});

/** What in a template would have the platform record requests or run a tracer of its own, in words. */
export function findRecorders(text: string): readonly string[] {
  const { Resources } = Template.parse(JSON.parse(text));
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) =>
    recorders
      .filter(({ type, records }) => type === Type && records(Properties))
      .map(({ name }) => `${id}: ${name}`),
  );
}

interface Recorder {
  readonly name: string;
  readonly type: string;
  readonly records: (properties: Readonly<Record<string, unknown>>) => boolean;
}

const recorders: readonly Recorder[] = [
  { name: "a layer", type: "AWS::Lambda::Function", records: ({ Layers }) => Layers !== undefined },
  {
    name: "a wrapper or a tracer's variable",
    type: "AWS::Lambda::Function",
    records: ({ Environment }) =>
      /AWS_LAMBDA_EXEC_WRAPPER|OTEL_|NODE_OPTIONS/.test(JSON.stringify(Environment ?? {})),
  },
  {
    name: "data tracing",
    type: "AWS::ApiGateway::Stage",
    records: ({ MethodSettings }) =>
      /"DataTraceEnabled":(?!false)/.test(JSON.stringify(MethodSettings ?? [])),
  },
  {
    name: "a log with execution data",
    type: "AWS::StepFunctions::StateMachine",
    records: ({ LoggingConfiguration }) =>
      /"IncludeExecutionData":(?!false)/.test(JSON.stringify(LoggingConfiguration ?? {})),
  },
];

/** The text files of an assembly, by their names: templates, manifest, and the names of its assets. */
export function textsOf(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    text:
      entry.isFile() && entry.name.endsWith(".json") ? readFileSync(join(folder, entry.name), "utf8") : "",
  }));
}
