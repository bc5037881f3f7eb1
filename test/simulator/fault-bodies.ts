import { randomUUID } from "node:crypto";
import type { Answer } from "./answers.ts";
import {
  accessFailed,
  invalidRequest,
  json,
  notFound,
  refusal,
  withCookies,
  withHeaders,
} from "./answers.ts";
import type { World } from "./world.ts";

/** PingOne's error answer of a status, with `Retry-After` in seconds or as a date. */
export function statusAnswer(status: number, retryAfter: number | string | undefined): Answer {
  const answer = errorOf(status, retryAfter);
  return retryAfter === undefined ? answer : withHeaders(answer, [["retry-after", String(retryAfter)]]);
}

function errorOf(status: number, retryAfter: number | string | undefined): Answer {
  switch (status) {
    case 400:
      return invalidRequest("The request could not be completed.");
    case 401:
      return accessFailed();
    case 403:
      return refusal(403, "ACCESS_FAILED", "The request could not be completed. Access was denied.", [
        { code: "INSUFFICIENT_PERMISSIONS", message: "Insufficient permissions." },
      ]);
    case 404:
      return notFound();
    case 429:
      return tooMany(retryAfter);
    default:
      return status < 500
        ? refusal(status, "INVALID_REQUEST", "The request could not be completed.")
        : refusal(status, "UNEXPECTED_ERROR", "An unexpected error occurred.");
  }
}

function tooMany(retryAfter: number | string | undefined): Answer {
  const innerError = typeof retryAfter === "number" ? { innerError: { retryAfter } } : {};
  return refusal(429, "REQUEST_LIMITED", "The request exceeded the rate limit.", [
    { code: "LIMIT_EXCEEDED", message: "Too many requests.", ...innerError },
  ]);
}

/** What an application whose policy is a DaVinci flow answers: another protocol. */
export function daVinciAnswer(world: World): Answer {
  const interactionId = randomUUID();
  const interactionToken = randomUUID();
  const href = `${world.baseUrl}/davinci/connections/${randomUUID()}/capabilities/customHTMLTemplate`;
  const body = {
    interactionId,
    interactionToken,
    capabilityName: "customHTMLTemplate",
    id: randomUUID(),
    _links: { next: { href } },
  };
  const attributes = `Path=/${world.environmentId}; Secure; HttpOnly; SameSite=None`;
  return withCookies(json(200, body), [
    `interactionId=${interactionId}; ${attributes}`,
    `interactionToken=${interactionToken}; ${attributes}`,
  ]);
}
