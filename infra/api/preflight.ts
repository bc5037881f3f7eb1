import { type IResource, MockIntegration } from "aws-cdk-lib/aws-apigateway";
import { type CrossOriginSettings, preflightAnswer } from "./cross-origin.ts";
import type { Route } from "./routes.ts";

/** Has the gateway answer preflights on a path by itself: {@link preflightAnswer}. */
export function addPreflight(
  resource: IResource,
  methods: readonly Route["method"][],
  settings: CrossOriginSettings,
): void {
  const { status, headers, template } = preflightAnswer(methods, settings);
  const statusCode = String(status);
  const named = Object.entries(headers).map(([name, value]) => [
    `method.response.header.${name}`,
    `'${value}'`,
  ]);
  const integration = new MockIntegration({
    requestTemplates: { "application/json": `{"statusCode": ${statusCode}}` },
    integrationResponses: [
      {
        statusCode,
        responseParameters: Object.fromEntries(named),
        responseTemplates: { "application/json": template },
      },
    ],
  });
  const responseParameters = Object.fromEntries(named.map(([name]) => [name, true]));
  resource.addMethod("OPTIONS", integration, { methodResponses: [{ statusCode, responseParameters }] });
}
