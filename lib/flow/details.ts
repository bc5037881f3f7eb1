import type { PasskeyRequest } from "./passkey.ts";

/** One of the person's devices, as shown to the client. */
export interface Device {
  readonly id: string;
  /** PingOne's device type, such as `EMAIL` or `SMS`. */
  readonly type: string;
  /** PingOne's masked address or number, or the device's nickname. */
  readonly hint?: string | undefined;
}

/** What the policy wants to know of the person, by `user.update`. */
export interface Profile {
  /** What to tell the person. */
  readonly prompt?: string | undefined;
  readonly attributes: readonly ProfileAttribute[];
}

/** An attribute of a person. */
export interface ProfileAttribute {
  /** A dotted name is one below another. */
  readonly name: string;
  readonly label?: string | undefined;
}

/** What the person is asked to accept, as far as PingOne tells. */
export interface Agreement {
  readonly title?: string | undefined;
  /** HTML or plain text, as the type says. */
  readonly text?: string | undefined;
  readonly contentType?: string | undefined;
}

/** The members that may be too large to be kept. */
export const largeDetails = ["publicKey", "profile", "agreement"] as const;

/** One of {@link largeDetails}. */
export type LargeDetail = (typeof largeDetails)[number];

/** What is passed on from PingOne, and neither stored nor repeated. */
export type PassingDetails = Pick<FlowDetails, LargeDetail>;

/** What an answer of PingOne tells the client beside the status; each only where PingOne sent it. */
export interface FlowDetails {
  readonly otpLength?: number | undefined;
  readonly selectedDevice?: string | undefined;
  readonly devices?: readonly Device[] | undefined;
  /** Where choosing the device again sends nothing: the code stands on it. */
  readonly resend?: false | undefined;
  /** What a passkey has to sign. */
  readonly publicKey?: PasskeyRequest | undefined;
  /** What the policy wants to know of the person. */
  readonly profile?: Profile | undefined;
  /** What the person is asked to accept. */
  readonly agreement?: Agreement | undefined;
  /** Members that are too large to be kept: a read of the flow has them from PingOne. */
  readonly more?: readonly LargeDetail[] | undefined;
}
