/** One of the person's devices, as shown to the client. */
export interface Device {
  readonly id: string;
  /** PingOne's device type, such as `EMAIL` or `SMS`. */
  readonly type: string;
  /** PingOne's masked address or number, or the device's nickname. */
  readonly hint?: string | undefined;
}

/** What an answer of PingOne tells the client beside the status; each only where PingOne sent it. */
export interface FlowDetails {
  readonly otpLength?: number | undefined;
  readonly selectedDevice?: string | undefined;
  readonly devices?: readonly Device[] | undefined;
}
