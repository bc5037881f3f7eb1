import type { RecordedCall } from "../simulator/calls.ts";

/** PingOne's limit for all headers of a request: bytes. */
const limit = 6 * 1024;
/** Those that an OAuth client makes, and not the product. */
const ofClients: readonly string[] = ["token", "jwks", "userinfo", "discovery", "signon", "unknown"];

/**
 * Looks at the head of every request that PingOne got from the product: fewer than 6 KB of it, and always who
 * asks and for which coding.
 *
 * @throws Error naming the calls that were otherwise
 */
export function judgeHeads(calls: readonly RecordedCall[]): void {
  const wrong = calls.filter(({ action }) => !ofClients.includes(action)).flatMap(faultsOf);
  if (wrong.length > 0) throw new Error(`PingOne got requests that it may refuse: ${wrong.join("; ")}.`);
}

function faultsOf(call: RecordedCall): string[] {
  const { action, headers } = call;
  const bytes = bytesOf(call);
  return [
    ...(bytes < limit ? [] : [`${action} has ${bytes} bytes of headers`]),
    ...(/^[!-~](?:[ -~]{0,254}[!-~])?$/.test(headers["user-agent"] ?? "") ? [] : [`${action} names nobody`]),
    ...(headers["accept-encoding"] === "identity" ? [] : [`${action} asks for a coding`]),
  ];
}

/** The bytes of a head, its first line among them. */
function bytesOf({ method, path, query, headers }: RecordedCall): number {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.byteLength([`${method} ${path}${query} HTTP/1.1`, ...lines, "", ""].join("\r\n"), "latin1");
}
