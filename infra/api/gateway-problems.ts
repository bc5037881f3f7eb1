import { ResponseType, type RestApi } from "aws-cdk-lib/aws-apigateway";
import type { CrossOriginSettings } from "./cross-origin.ts";
import { gatewayAnswers } from "./gateway-answers.ts";

/** Gives every answer that API Gateway makes by itself our words: {@link gatewayAnswers}. */
export function addGatewayProblems(api: RestApi, settings: CrossOriginSettings): void {
  for (const { type, status, headers, template } of gatewayAnswers(settings)) {
    api.addGatewayResponse(`Problem-${type}`, {
      type: ResponseType.of(type),
      statusCode: String(status),
      responseHeaders: { ...headers },
      templates: { "application/json": template },
    });
  }
}
