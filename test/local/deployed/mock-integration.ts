import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { MockResponse } from "./api.ts";
import { runTemplate } from "./velocity.ts";

/**
 * The answer of a mock integration: static headers, and what its template makes of the request.
 *
 * @throws an error at once when the template says what can't be run here
 */
export function mockAnswer(response: MockResponse): (event: APIGatewayProxyEvent) => APIGatewayProxyResult {
  const fixed = staticHeaders(response);
  runTemplate(response.template, {});
  return (event) => {
    const { text, headers } = runTemplate(response.template, event.headers);
    return { statusCode: response.status, headers: { ...fixed, ...headers }, body: text };
  };
}

function staticHeaders({ parameters }: MockResponse): Record<string, string> {
  const named = Object.entries(parameters).map(([target, source]) => {
    const [, text] = /^'(.*)'$/.exec(source) ?? [];
    if (text === undefined) throw new Error(`The template maps ${source}, which isn't known here.`);
    return [target.replace("method.response.header.", ""), text] as const;
  });
  return Object.fromEntries(named);
}
