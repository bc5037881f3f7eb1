/** Every step, in the order of the table below. */
export const stepNames = ["lookup", "password", "otp", "device", "resume", "poll"] as const;

/** The name of a step: the last segment of its URL and the name of its function; but for `poll`, which is a GET. */
export type StepName = (typeof stepNames)[number];

/**
 * What a client may ask for, and what PingOne calls it.
 *
 * | step     | PingOne action           | once-only | counts an attempt |
 * |----------|--------------------------|-----------|-------------------|
 * | lookup   | `user.lookup`            | yes       | yes               |
 * | password | `usernamePassword.check` | yes       | yes               |
 * | otp      | `otp.check`              | yes       | yes               |
 * | device   | `device.select`          | yes       | yes               |
 * | resume   | `GET /as/resume`         | yes       | no                |
 * | poll     | reads the flow           | no        | no                |
 *
 * A poll is the step of a client that only looks: it waits for a push to be answered.
 *
 * A once-only step carries a credential or spends something: it is never sent again on our own account.
 * The media type *is* PingOne's verb (reference §3): every action goes to the same URL.
 */
export const steps = {
  lookup: action("user.lookup"),
  password: action("usernamePassword.check"),
  otp: action("otp.check"),
  device: action("device.select"),
  resume: { action: undefined, mediaType: undefined, onceOnly: true, countsAttempt: false },
  poll: { action: undefined, mediaType: undefined, onceOnly: false, countsAttempt: false },
} as const satisfies Record<StepName, StepDefinition>;

/** One row of the step table. */
export interface StepDefinition {
  /** The name of PingOne's action, which is also the key of its link; none where PingOne is asked by a GET. */
  readonly action: string | undefined;
  /** The `Content-Type` that selects the action. */
  readonly mediaType: string | undefined;
  readonly onceOnly: boolean;
  /** Whether the step is held against the limit of attempts in one flow. */
  readonly countsAttempt: boolean;
}

/** A step that a client asks for by name: it polls by reading. */
export type ClientStep = Exclude<StepName, "poll">;

/** A step together with what the client sent for it. */
export type StepCommand =
  | { readonly step: "lookup"; readonly username: string }
  | { readonly step: "password"; readonly username: string; readonly password: string }
  | { readonly step: "otp"; readonly otp: string }
  | { readonly step: "device"; readonly deviceId: string }
  | { readonly step: "resume" }
  | { readonly step: "poll" };

/**
 * The text whose keyed hash tells one request from another: method, step and the parsed body with its members
 * sorted, so that two spellings of the same JSON are the same request.
 */
export function canonicalRequest(command: StepCommand): string {
  const { step, ...body } = command;
  const members = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(["POST", step, members]);
}

function action<const Name extends string>(name: Name) {
  return {
    action: name,
    mediaType: `application/vnd.pingidentity.${name}+json`,
    onceOnly: true,
    countsAttempt: true,
  } as const;
}
