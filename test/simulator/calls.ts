import type { Call } from "./answers.ts";

/** One request on PingOne's own paths, in order of arrival. */
export interface RecordedCall {
  /** Epoch milliseconds of arrival. */
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** With its `?`, or empty. */
  readonly query: string;
  /** `authorize`, `read`, `resume`, `token`, `jwks`, …, or the flow action's name such as `otp.check`. */
  readonly action: string;
  /** The flow's id in the request; for authorize, the id the answer gave. */
  flowId?: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Cookies sent, by name. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly body: string;
  /** The client's port: equal for calls on one kept-alive socket. */
  readonly remotePort: number;
  /** The status sent; 0 while unanswered, and for ever when the socket was cut before the head. */
  status: number;
}

/** The record of all calls. */
export interface Calls {
  readonly all: readonly RecordedCall[];
  /** Opens an entry; the caller fills in `status` once the answer goes out. */
  open(
    call: Call,
    about: { at: number; action: string; flowId: string | undefined; remotePort: number },
  ): RecordedCall;
}

/** An empty record. */
export function createCalls(): Calls {
  const all: RecordedCall[] = [];
  return {
    all,
    open: (call, { at, action, flowId, remotePort }) => {
      const entry: RecordedCall = {
        at,
        method: call.method,
        path: call.url.pathname,
        query: call.url.search,
        action,
        ...(flowId === undefined ? {} : { flowId }),
        headers: Object.fromEntries(call.headers),
        cookies: call.cookies,
        body: call.body,
        remotePort,
        status: 0,
      };
      all.push(entry);
      return entry;
    },
  };
}
