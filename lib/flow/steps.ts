/** Every step, in the order of the table below. */
export const stepNames = ["lookup", "password", "otp", "device", "resume", "poll"] as const;

/** The name of a step: the last segment of its URL and the name of its function; but for `poll`, which is a GET. */
export type StepName = (typeof stepNames)[number];

const noAction = {
  action: undefined,
  mediaType: undefined,
  countsAttempt: false,
  triesCredential: false,
} as const;

/**
 * What a client may ask for, and what PingOne calls it.
 *
 * | step     | PingOne action           | once-only | counts an attempt | tries a credential |
 * |----------|--------------------------|-----------|-------------------|--------------------|
 * | lookup   | `user.lookup`            | yes       | yes               | no                 |
 * | password | `usernamePassword.check` | yes       | yes               | yes                |
 * | otp      | `otp.check`              | yes       | yes               | yes                |
 * | device   | `device.select`          | yes       | yes               | no                 |
 * | resume   | `GET /as/resume`         | yes       | no                | no                 |
 * | poll     | reads the flow           | no        | no                | no                 |
 *
 * A poll is the step of a client that only looks: it waits for a push to be answered.
 *
 * A once-only step carries a credential or spends something: it is never sent again on our own account.
 * The media type *is* PingOne's verb (reference §3): every action goes to the same URL.
 */
export const steps = {
  lookup: action("user.lookup", { triesCredential: false }),
  password: action("usernamePassword.check", { triesCredential: true }),
  otp: action("otp.check", { triesCredential: true }),
  device: action("device.select", { triesCredential: false }),
  resume: { ...noAction, onceOnly: true },
  poll: { ...noAction, onceOnly: false },
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
  /** Whether the step is held against the limit of credentials tried in one flow as well. */
  readonly triesCredential: boolean;
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

function action<const Name extends string>(
  name: Name,
  { triesCredential }: Pick<StepDefinition, "triesCredential">,
) {
  return {
    action: name,
    mediaType: `application/vnd.pingidentity.${name}+json`,
    onceOnly: true,
    countsAttempt: true,
    triesCredential,
  } as const;
}
