import type { PasskeyRequest } from "./passkey.ts";

/** One of the person's devices, as shown to the client. */
export interface Device {
  readonly id: string;
  /** PingOne's device type, such as `EMAIL` or `SMS`. */
  readonly type: string;
  /** PingOne's masked address or number, or the device's nickname. */
  readonly hint?: string | undefined;
}

/** The members that may be too large to be kept. */
export const largeDetails = ["publicKey"] as const;

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
  /** Members that are too large to be kept: a read of the flow has them from PingOne. */
  readonly more?: readonly LargeDetail[] | undefined;
}
