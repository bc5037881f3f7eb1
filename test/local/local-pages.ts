import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { ApiRoute, RestApi } from "./rest-api.ts";

/** The origin that stands for every page of this machine's own. */
export const localOrigin = "http://localhost:3000";

const ofThisMachine = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * An API that lets in pages of this machine, whatever port they are served from, and lets them have the
 * cookie. A deployment compares origins as a whole, which nobody could list beforehand for a sandbox: here
 * such a page passes for the one origin that is allowed, and the answer names the page's own.
 */
export function withLocalPages({ routes, refuse }: RestApi): RestApi {
  return {
    routes: routes.map(
      (route): ApiRoute => ({
        ...route,
        answer: async (event) => {
          const answer = await route.answer(standingIn(event));
          return "refused" in answer ? answer : named(answer, event);
        },
      }),
    ),
    refuse: (refusal, event) => named(refuse(refusal, standingIn(event)), event),
  };
}

function originOf({ headers }: APIGatewayProxyEvent): string | undefined {
  const origin = headerOf(headers, "origin");
  return origin !== undefined && ofThisMachine.test(origin) ? origin : undefined;
}

function headerOf(headers: APIGatewayProxyEvent["headers"], wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** The sandbox serves a page beside its API. A browser sends no origin with that page's reads. */
function isReadOfOwnPage({ httpMethod, headers }: APIGatewayProxyEvent): boolean {
  const from = [headerOf(headers, "origin"), headerOf(headers, "sec-fetch-site")];
  return httpMethod === "GET" && from[0] === undefined && from[1] === "same-origin";
}

function standingIn(event: APIGatewayProxyEvent): APIGatewayProxyEvent {
  if (isReadOfOwnPage(event)) {
    const headers = { ...event.headers, origin: localOrigin };
    return { ...event, headers, multiValueHeaders: { ...event.multiValueHeaders, origin: [localOrigin] } };
  }
  if (originOf(event) === undefined) return event;
  const isOrigin = (name: string) => name.toLowerCase() === "origin";
  const headers = Object.entries(event.headers).map(([name, value]) => [
    name,
    isOrigin(name) ? localOrigin : value,
  ]);
  const several = Object.entries(event.multiValueHeaders).map(([name, values]) => [
    name,
    isOrigin(name) ? values?.map(() => localOrigin) : values,
  ]);
  return { ...event, headers: Object.fromEntries(headers), multiValueHeaders: Object.fromEntries(several) };
}

function named(answer: APIGatewayProxyResult, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const origin = originOf(event);
  if (origin === undefined || answer.headers?.["Access-Control-Allow-Origin"] !== localOrigin) return answer;
  const allowed = { "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true" };
  return { ...answer, headers: { ...answer.headers, ...allowed } };
}
