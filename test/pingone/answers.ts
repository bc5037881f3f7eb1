import type { HttpAnswer } from "../../lib/pingone/send.ts";

/** PingOne's clock in these answers. */
export const serverNow = Date.parse("2026-04-22T19:06:00Z");

/** Ours, an hour and some off, so that a mix-up of the two shows. */
export const ourNow = serverNow + 4_000_000;

/** A whole answer with a JSON body (or a text as it is) and PingOne's `Date`. */
export function answered(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return {
    kind: "answered",
    status,
    headers: { date: new Date(serverNow).toUTCString(), ...headers },
    setCookie: [],
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

/** An error body of PingOne's. */
export function failure(code: string, ...details: object[]) {
  return { id: "11111111-2222-4333-8444-555555555555", code, message: "Ours.", details };
}

/** The smallest flow object. */
export function flowBody(overrides: object = {}) {
  return {
    _links: { self: { href: "https://auth.example/flows/f-1" } },
    id: "f-1",
    status: "OTP_REQUIRED",
    expiresAt: "2026-04-22T19:21:00.000Z",
    ...overrides,
  };
}
