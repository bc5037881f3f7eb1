import { toBase64url } from "./bytes.ts";
import { browserPasskey } from "./passkey.ts";
import type { PasskeyAssertion } from "./steps.ts";
import type { PasskeyRequest } from "./view.ts";

/** What a client needs of the place where it runs. Browsers and Node have it; elsewhere it is given. */
export interface Platform {
  /** Sends a request, as `fetch` does. */
  readonly fetch: Fetch;
  /** So many bytes that nobody can guess. Never `Math.random`. */
  readonly randomBytes: (count: number) => Uint8Array | Promise<Uint8Array>;
  /** The SHA-256 digest of these bytes. */
  readonly sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array | ArrayBuffer>;
  /** Has a passkey sign what it is asked to. Rejects where the person turns it down. */
  readonly passkey: (request: PasskeyRequest) => Promise<PasskeyAssertion>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Does something after so many milliseconds, unless what it gives is called before. */
  readonly after: (milliseconds: number, work: () => void) => () => void;
}

/** As much of `fetch` as is used. */
type Fetch = (url: string, init: FetchInit) => Promise<FetchedReply>;

/** What a request says. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly credentials: "include" | "omit";
  readonly cache: "no-store";
  readonly redirect: "error";
  readonly signal: AbortSignal;
}

/** As much of a reply as is read. */
export interface FetchedReply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** The platform's own, with what is given in its place. */
export function platformWith(given: Partial<Platform>): Platform {
  return {
    // Called as a bare function: browsers refuse it as a method of anything else.
    fetch: (url, init) => globalThis.fetch(url, init),
    randomBytes: (count) => webCrypto().getRandomValues(new Uint8Array(count)),
    sha256: (bytes) => webCrypto().subtle.digest("SHA-256", bytes),
    passkey: browserPasskey,
    now: () => Date.now(),
    after: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    ...given,
  };
}

/** A secret of so many random bytes, in base64url. */
export async function randomText({ randomBytes }: Platform, count: number): Promise<string> {
  return toBase64url(await randomBytes(count));
}

function webCrypto() {
  // A page that came over plain HTTP from elsewhere has half of it.
  const { crypto } = globalThis;
  if (crypto?.subtle === undefined) {
    throw new Error(
      "This platform has no WebCrypto. Give randomBytes and sha256 as its own library has them.",
    );
  }
  return crypto;
}
