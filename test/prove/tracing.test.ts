import { describe, expect, it } from "vitest";
import { shippedSources } from "./kit/source-scan.ts";
import { findRecorders, findTracers } from "./kit/tracing.ts";

describe("a trace", () => {
  it("gets nothing from the sources", () => {
    expect(findTracers(shippedSources())).toEqual([]);
  });

  it.each([
    'import { Tracer } from "@aws-lambda-powertools/tracer";',
    'import AWSXRay from "aws-xray-sdk-core";',
    'import { trace } from "@opentelemetry/api";',
    'segment.addAnnotation("user", username);',
  ])("would get something from: %s", (code) => {
    expect(findTracers([{ path: "lib/live.ts", code }])).toHaveLength(1);
  });

  it.each([
    ["AWS::Lambda::Function", { Layers: ["arn:aws:lambda:eu-west-1:1:layer:otel:1"] }],
    [
      "AWS::Lambda::Function",
      { Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: "/opt/otel-handler" } } },
    ],
    ["AWS::ApiGateway::Stage", { MethodSettings: [{ DataTraceEnabled: true }] }],
    ["AWS::StepFunctions::StateMachine", { LoggingConfiguration: { IncludeExecutionData: true } }],
  ])("would get whole requests from a template with %s %o", (Type, Properties) => {
    const template = (properties: object) =>
      JSON.stringify({ Resources: { Some: { Type, Properties: properties } } });
    expect(findRecorders(template(Properties))).toHaveLength(1);
    expect(findRecorders(template({}))).toEqual([]);
  });
});
