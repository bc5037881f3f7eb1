import type { SignOn, State } from "../../../lib/client/sign-on.ts";
import type { Hands } from "./hands.ts";

/** A sign-on came to stand where it doesn't lead on, or a rejection wasn't told. The message says where. */
export class JourneyFailed extends Error {
  override readonly name = "JourneyFailed";
  readonly kind: "journey" | "rejection";

  constructor(message: string, kind: "journey" | "rejection" = "journey") {
    super(message);
    this.kind = kind;
  }
}

/** How a sign-on is to go. */
export interface Course {
  readonly application: string;
  readonly policy: string | undefined;
  readonly hands: Hands;
  /** Whether a wrong password and a wrong code are tried first. */
  readonly withMistakes: boolean;
}

/** A sign-on that has come to its code, and the steps that it took. */
export interface Led {
  readonly client: SignOn;
  readonly steps: readonly string[];
}

/** More than any policy asks for. */
const mostSteps = 12;

/**
 * Signs somebody on, step by step, as the API offers them.
 *
 * @throws JourneyFailed where it doesn't lead on
 */
export async function lead(client: SignOn, course: Course): Promise<Led> {
  const steps: string[] = [];
  const taken = async (name: string, taking: Promise<State>): Promise<State> => {
    steps.push(name);
    return taking;
  };
  const { application, policy } = course;
  let state = await client.start({ application, ...(policy === undefined ? {} : { policy }) });
  while (state.status !== "RESUMED" && steps.length < mostSteps) {
    if (state.status !== "ENDED" && "problem" in state && state.problem !== undefined) fail(state, steps);
    state = await onwards(state, { client, course, steps, taken });
  }
  if (state.status !== "RESUMED") fail(state, steps);
  return { client, steps };
}

interface Way {
  readonly client: SignOn;
  readonly course: Course;
  readonly steps: readonly string[];
  readonly taken: (name: string, taking: Promise<State>) => Promise<State>;
}

async function onwards(state: State, way: Way): Promise<State> {
  const { client, course, steps, taken } = way;
  const { username } = course.hands;
  switch (state.status) {
    case "SIGN_ON_REQUIRED":
      return taken("lookup", client.lookup({ username }));
    case "USERNAME_PASSWORD_REQUIRED":
    case "PASSWORD_REQUIRED":
      return byPassword(way);
    case "OTP_REQUIRED":
      return byCode(state, way);
    case "DEVICE_SELECTION_REQUIRED":
      return taken("device", client.device({ deviceId: state.devices?.[0]?.id ?? "" }));
    case "PUSH_CONFIRMATION_REQUIRED":
      await course.hands.approve();
      return taken("poll", client.read());
    case "PROFILE_DATA_REQUIRED": {
      const named = state.profile?.attributes.map(({ name }) => [name, "Doctor"] as const) ?? [];
      return taken("profile", client.profile({ attributes: Object.fromEntries(named) }));
    }
    case "AGREEMENT_CONSENT_REQUIRED":
      return taken("consent", client.consent({ accept: true }));
    case "COMPLETED":
      return taken("resume", client.resume());
    case "ASSERTION_REQUIRED":
    case "ENDED":
    case "MUST_CHANGE_PASSWORD":
    case "OTHER":
    case "PASSWORD_EXPIRED":
    case "PUSH_CONFIRMATION_TIMED_OUT":
    case "RECOVERY_CODE_REQUIRED":
    case "RESUMED":
    case "UNANSWERED":
    case "VERIFICATION_CODE_REQUIRED":
      return fail(state, steps);
  }
}

async function byPassword({ client, course, steps, taken }: Way): Promise<State> {
  const { username, password } = course.hands;
  if (course.withMistakes) {
    const wrong = await client.password({ username, password: `${password}-wrong` });
    expectRejected(wrong, "credentials-rejected", "a wrong password", steps);
  }
  return taken("password", client.password({ username, password }));
}

async function byCode(state: Extract<State, { status: "OTP_REQUIRED" }>, way: Way): Promise<State> {
  const { client, course, steps, taken } = way;
  const device = state.devices?.find(({ id }) => id === state.selectedDevice);
  const otp = await course.hands.code(device?.hint ?? "");
  if (course.withMistakes) {
    expectRejected(await client.otp({ otp: otherThan(otp) }), "otp-rejected", "a wrong code", steps);
  }
  return taken("otp", client.otp({ otp }));
}

/** The same with another last digit. */
function otherThan(code: string): string {
  const last = Number(code.at(-1) ?? 0);
  return `${code.slice(0, -1)}${(last + 1) % 10}`;
}

/** A wrong credential is told by its name, and the flow goes on. */
function expectRejected(state: State, error: string, what: string, steps: readonly string[]): void {
  const told = "problem" in state ? state.problem?.error : undefined;
  if (told === error && state.status !== "ENDED") return;
  throw new JourneyFailed(
    `${trail(steps)}: ${what} is answered ${told ?? wordOf(state)}, not ${error}`,
    "rejection",
  );
}

function fail(state: State, steps: readonly string[]): never {
  const problem = "problem" in state ? state.problem : undefined;
  const request = problem?.requestId === undefined ? "" : ` (request ${problem.requestId})`;
  const failure = problem?.failure === undefined ? "" : `, ${problem.failure}`;
  const told = problem === undefined ? "" : `: ${problem.error}${failure}${request}`;
  throw new JourneyFailed(`${trail(steps)}: it stands at ${wordOf(state)}${told}`);
}

function wordOf(state: State): string {
  if (state.status === "ENDED") return state.error;
  return state.status === "OTHER" ? state.word : state.status;
}

function trail(steps: readonly string[]): string {
  return ["start", ...steps].join(", ");
}
