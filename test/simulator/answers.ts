import { randomUUID } from "node:crypto";
import type { Flow } from "./flow.ts";
import type { Detail } from "./reason.ts";

/** A header line; several of one name are several pairs. */
export type HeaderLine = readonly [name: string, value: string];

/** What the stand-in is about to send: built whole, so that a fault can still change or drop it. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
  /** The flow the answer speaks of, for the record and for faults. */
  readonly flow?: Flow | undefined;
}

/** One request, read whole. Header names are looked up case-blind. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly cookies: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers one call on a PingOne path. */
export type Handler<World> = (world: World, call: Call) => Answer | Promise<Answer>;

const halJson = "application/hal+json;charset=UTF-8";

/** A JSON answer in PingOne's own media type. */
export function hal(status: number, body: unknown, flow?: Flow): Answer {
  return { status, headers: [["content-type", halJson]], body: JSON.stringify(body), flow };
}

/** A plain JSON answer: tokens, keys, discovery, control routes. */
export function json(status: number, body: unknown, headers: readonly HeaderLine[] = []): Answer {
  return { status, headers: [["content-type", "application/json"], ...headers], body: JSON.stringify(body) };
}

/** A 302 to `location`. */
export function redirect(location: string, flow?: Flow): Answer {
  return { status: 302, headers: [["location", location]], body: "", flow };
}

/** An HTML page. */
export function html(status: number, text: string): Answer {
  const body = `<!doctype html><html lang="en"><title>PingOne</title><body><p>${text}</p></body></html>`;
  return { status, headers: [["content-type", "text/html;charset=UTF-8"]], body };
}

/** The same answer with more header lines after its own. */
export function withHeaders(answer: Answer, headers: readonly HeaderLine[]): Answer {
  return { ...answer, headers: [...answer.headers, ...headers] };
}

/** The same answer with `Set-Cookie` lines after its own headers. */
export function withCookies(answer: Answer, lines: readonly string[]): Answer {
  return withHeaders(
    answer,
    lines.map((line) => ["set-cookie", line]),
  );
}

/** PingOne's error body. Its `id` names the error, never a flow. */
export function refusal(status: number, code: string, message: string, details?: readonly Detail[]): Answer {
  const body = { id: randomUUID(), code, message, ...(details === undefined ? {} : { details }) };
  return hal(status, body);
}

/** The message of `INVALID_DATA`. */
export const invalidDataMessage =
  "The request could not be completed. One or more validation errors were in the request.";

/** 400 `INVALID_DATA`, with what is wrong. */
export function invalidData(...details: readonly Detail[]): Answer {
  return refusal(400, "INVALID_DATA", invalidDataMessage, details);
}

/** 400 `INVALID_REQUEST`: the request makes no sense here. */
export function invalidRequest(message: string): Answer {
  return refusal(400, "INVALID_REQUEST", message);
}

/** 404 `NOT_FOUND`: unknown and expired look alike. */
export function notFound(): Answer {
  return refusal(404, "NOT_FOUND", "The requested resource was not found.");
}

/** 401 `ACCESS_FAILED`, the answer to a credential PingOne does not take. */
export function accessFailed(): Answer {
  return refusal(401, "ACCESS_FAILED", "The request could not be completed. Access was denied.", [
    { code: "INVALID_TOKEN", target: "Authentication Credentials", message: "Invalid authentication." },
  ]);
}
