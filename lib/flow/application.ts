/** An OIDC application of PingOne's that flows may be started for. */
export interface Application {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Sign-on policies a client may ask for, as `acr_values`; the first is the default. */
  readonly policies: readonly string[];
  /**
   * How the application proves itself at PingOne's token endpoint: with its secret in a header, with it in
   * the body, or not at all. Where it isn't set, we redeem no code.
   */
  readonly clientAuthentication?: "basic" | "none" | "post" | undefined;
  /** Origins of the pages and apps whose passkeys it takes; without any it takes none. */
  readonly passkeyOrigins?: readonly string[] | undefined;
  /** Policies that whoever shows an ID token may begin; without any the application takes no such token. */
  readonly stepUp?: readonly string[] | undefined;
  /** By what the person's address is signed that a start tells PingOne; without it none is told. */
  readonly signedRequest?: "client-secret" | "kms" | undefined;
  /** `end`: whoever cancels a flow that has been resumed is signed off at PingOne. */
  readonly session?: "end" | undefined;
}

/** What an application says of how it proves itself. */
interface Authenticated {
  readonly clientAuthentication?: "basic" | "none" | "post" | undefined;
}

/** Whether an application needs a secret to prove itself at PingOne's token endpoint. */
export function hasClientSecret({ clientAuthentication }: Authenticated): boolean {
  return clientAuthentication === "basic" || clientAuthentication === "post";
}
