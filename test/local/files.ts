import type { IncomingMessage, ServerResponse } from "node:http";

/** A file that is served beside the API. */
interface ServedFile {
  /** Its media type. */
  readonly type: string;
  readonly content: Buffer | string;
  /** Whether what is on it may call servers elsewhere; not unless said. */
  readonly callsOthers?: true;
}

/** Files by their paths. */
export type ServedFiles = ReadonlyMap<string, ServedFile>;

/** Nothing is loaded from elsewhere, and nothing is sent elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
].join("; ");

const policyOfCallers = policy.replace("connect-src 'self'", "connect-src 'self' http: https:");

/** Answers a read of one of these files. @returns whether it was one */
export function serveFile(files: ServedFiles, message: IncomingMessage, response: ServerResponse): boolean {
  const { pathname } = new URL(message.url ?? "/", "http://sandbox.invalid");
  const file = message.method === "GET" ? files.get(pathname) : undefined;
  if (file === undefined) return false;
  response.writeHead(200, {
    "Content-Type": file.type,
    "Content-Security-Policy": file.callsOthers ? policyOfCallers : policy,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(file.content);
  return true;
}
