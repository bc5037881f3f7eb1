import { fromBase64url, toBase64url } from "./bytes.ts";
import type { PasskeyAssertion } from "./steps.ts";
import type { PasskeyRequest } from "./view.ts";

/** As much of `navigator.credentials` as is used. */
interface Credentials {
  get(options: { readonly publicKey: object }): Promise<unknown>;
}

/** As much of `PublicKeyCredential` as is read. */
interface Credential {
  readonly id: string;
  readonly rawId: ArrayBuffer;
  readonly response: {
    readonly clientDataJSON: ArrayBuffer;
    readonly authenticatorData: ArrayBuffer;
    readonly signature: ArrayBuffer;
    readonly userHandle: ArrayBuffer | null;
  };
}

/**
 * Has the browser sign with a passkey. The conversions are written out, because browsers have their own only
 * since 2025.
 *
 * @throws an error where the browser knows no passkeys, and the browser's own where the person turns it down
 */
export async function browserPasskey(request: PasskeyRequest): Promise<PasskeyAssertion> {
  const found: unknown = Reflect.get(globalThis, "navigator");
  const credentials = hasCredentials(found) ? found.credentials : undefined;
  if (credentials === undefined) throw new Error("This platform knows no passkeys.");
  const credential = await credentials.get({
    publicKey: {
      ...request,
      challenge: fromBase64url(request.challenge),
      ...(request.allowCredentials && {
        allowCredentials: request.allowCredentials.map((one) => ({ ...one, id: fromBase64url(one.id) })),
      }),
    },
  });
  if (!isCredential(credential)) throw new Error("The browser gave no passkey.");
  const { id, rawId, response } = credential;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId: text(rawId),
    type: "public-key",
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      ...(userHandle === null ? {} : { userHandle: text(userHandle) }),
    },
  };
}

function text(buffer: ArrayBuffer): string {
  return toBase64url(new Uint8Array(buffer));
}

function hasCredentials(value: unknown): value is { readonly credentials: Credentials | undefined } {
  return typeof value === "object" && value !== null && "credentials" in value;
}

function isCredential(value: unknown): value is Credential {
  return typeof value === "object" && value !== null && "rawId" in value && "response" in value;
}
