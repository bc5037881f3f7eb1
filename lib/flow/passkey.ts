/**
 * What a browser has to sign with a passkey, in its own JSON form: `PublicKeyCredentialRequestOptionsJSON`.
 * Bytes are in base64url without padding.
 *
 * https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson
 */
export interface PasskeyRequest {
  readonly challenge: string;
  /** How long the person has: milliseconds. */
  readonly timeout?: number | undefined;
  readonly rpId?: string | undefined;
  readonly allowCredentials?: readonly PasskeyDescriptor[] | undefined;
  readonly userVerification?: string | undefined;
}

/** A passkey that will do. */
export interface PasskeyDescriptor {
  readonly type: "public-key";
  readonly id: string;
  readonly transports?: readonly string[] | undefined;
}

/**
 * What the browser made of it, as far as PingOne wants it: `AuthenticationResponseJSON`.
 *
 * https://www.w3.org/TR/webauthn-3/#dictdef-authenticationresponsejson
 */
export interface PasskeyAssertion {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string | null | undefined;
  };
}

/**
 * The origin of the page or app that an assertion was made for, as the browser wrote it under the signature;
 * nothing where the client data are none of an assertion.
 *
 * https://www.w3.org/TR/webauthn-3/#dictdef-collectedclientdata
 */
export function originOf({ response }: PasskeyAssertion): string | undefined {
  const data = clientData(response.clientDataJSON);
  const { type, origin } = { type: undefined, origin: undefined, ...Object(data) };
  return type === "webauthn.get" && typeof origin === "string" ? origin : undefined;
}

/**
 * The body of `assertion.check` (docs/pingone.md §3.6): the assertion is a text of JSON in it, and its bytes
 * are in base64 with padding, save for `id`, which stays as the browser gave it.
 */
export function assertionBody(assertion: PasskeyAssertion): object {
  const { id, rawId, type, response } = assertion;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    origin: originOf(assertion),
    assertion: JSON.stringify({
      ...{ id, rawId: padded(rawId), type },
      response: {
        clientDataJSON: padded(clientDataJSON),
        authenticatorData: padded(authenticatorData),
        signature: padded(signature),
        userHandle: typeof userHandle === "string" ? padded(userHandle) : null,
      },
    }),
  };
}

function clientData(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Base64 with padding (RFC 4648 §4), of base64url without. */
function padded(text: string): string {
  return Buffer.from(text, "base64url").toString("base64");
}
