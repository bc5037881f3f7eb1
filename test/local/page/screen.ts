import type { Device, IdTokenClaims, State, StepName } from "../../../lib/client/sign-on.ts";
import { alarm, button, type Filler, formOf, heading } from "./controls.ts";
import { make } from "./elements.ts";
import { type Field, forms, handSteps, type StepForm } from "./forms.ts";
import { wordsFor } from "./words.ts";

/** What a person can do on a screen. */
export interface Actions extends Filler {
  take(step: StepName, body: Readonly<Record<string, unknown>>): void;
  passkey(): void;
  again(): void;
  restart(): void;
  cancel(): void;
}

/** What to show of a sign-on that stands there. The first element is the heading. */
export function screenFor(state: State, actions: Actions): readonly HTMLElement[] {
  switch (state.status) {
    case "ENDED":
      return endScreen(state, actions);
    case "UNANSWERED":
      return [
        heading("No answer"),
        make("p", {}, "The page can't tell whether your last step worked."),
        button("Ask again", () => actions.again(), "main"),
        button("Start again", () => actions.restart()),
      ];
    case "RESUMED":
    case "COMPLETED":
      return [heading("One moment"), make("p", {}, "You are signed on. Your tokens are being fetched.")];
    default:
      return openScreen(state, actions);
  }
}

/** The end: who has signed on. */
export function claimsScreen(claims: IdTokenClaims, actions: Actions): readonly HTMLElement[] {
  const rows = Object.entries(claims).flatMap(([name, value]) => [
    make("dt", {}, name),
    make("dd", {}, claimText(name, value)),
  ]);
  return [
    heading("You are signed on"),
    make("p", { className: "signed-on" }, String(claims["preferred_username"] ?? claims.sub)),
    make(
      "p",
      { className: "good" },
      "The ID token was checked: issuer, audience, expiry and nonce are right.",
    ),
    make("dl", {}, ...rows),
    button("Sign on again", () => actions.restart(), "main"),
  ];
}

const times = ["iat", "exp", "auth_time", "updated_at"];

/** A claim for people: a time is epoch seconds (RFC 7519 §2). */
function claimText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  // What is no time that a calendar has is shown as it came.
  if (typeof value !== "number" || !times.includes(name) || !(value < 1e11)) return JSON.stringify(value);
  return `${value} (${new Date(value * 1_000).toUTCString()})`;
}

/** What else can come of redeeming. */
export function messageScreen(title: string, text: string, actions: Actions): readonly HTMLElement[] {
  return [heading(title), make("p", {}, text), button("Start again", () => actions.restart(), "main")];
}

type Ended = Extract<State, { readonly status: "ENDED" }>;
type Alive = Exclude<State, { readonly status: "COMPLETED" | "ENDED" | "RESUMED" | "UNANSWERED" }>;

function endScreen({ error, problem, fallback }: Ended, actions: Actions): readonly HTMLElement[] {
  const fallen = { error, flowEnded: true, retryable: false, attemptCounted: null };
  const browser = fallback === "browser" ? [make("p", {}, "It can go on in a browser.")] : [];
  return [
    heading("This sign-on is over"),
    alarm(wordsFor(problem ?? fallen)),
    ...browser,
    button("Start again", () => actions.restart(), "main"),
  ];
}

function openScreen(state: Alive, actions: Actions): readonly HTMLElement[] {
  const { next, problem, settled, devices = [] } = state;
  const [first, ...others] = handSteps.filter((step) => next.includes(step));
  const told = problem === undefined ? [] : [alarm(wordsFor(problem))];
  const doubt =
    settled === undefined ? [] : [alarm("The connection broke before it was taken. Please try again.")];
  const main =
    first === undefined ? [heading(titleOf(state))] : mainForm(first, state, actions, [...told, ...doubt]);
  return [
    ...main,
    ...(first === undefined ? [...told, ...doubt] : []),
    ...passing(state, actions),
    ...(next.includes("device") ? deviceList(devices, state, actions) : []),
    ...others.map((step) => folded(step, actions)),
    ...buttons(next, actions),
    make(
      "div",
      {},
      button("Cancel", () => actions.cancel()),
    ),
  ];
}

function titleOf({ status }: Alive): string {
  return titles[status] ?? "Something else is wanted";
}

const titles: Readonly<Record<string, string>> = {
  PUSH_CONFIRMATION_REQUIRED: "Confirm on your phone",
  PUSH_CONFIRMATION_TIMED_OUT: "Nobody answered",
  DEVICE_SELECTION_REQUIRED: "How shall we check that it is you?",
  ASSERTION_REQUIRED: "Use your passkey",
  AGREEMENT_CONSENT_REQUIRED: "Please agree",
  PROFILE_DATA_REQUIRED: "A little more about you",
  PASSWORD_EXPIRED: "Your password has expired",
  MUST_CHANGE_PASSWORD: "Please choose a password of your own",
};

function mainForm(
  step: StepName,
  state: Alive,
  actions: Actions,
  told: readonly HTMLElement[],
): readonly HTMLElement[] {
  const form = forms[step];
  if (form === undefined) return told;
  const chosen = state.devices?.find(({ id }) => id === state.selectedDevice);
  const sent = chosen === undefined ? [] : [make("p", {}, `It was sent to ${chosen.hint ?? chosen.type}.`)];
  return [
    heading(titles[state.status] ?? form.title),
    ...told,
    ...sent,
    formFor(step, form, actions, "main"),
  ];
}

/** What a status shows beside its forms. */
function passing({ status, next, agreement, profile }: Alive, actions: Actions): readonly HTMLElement[] {
  const shown: HTMLElement[] = [];
  if (status === "PUSH_CONFIRMATION_REQUIRED") {
    shown.push(make("p", { attributes: { role: "status" } }, "Waiting for your answer…"));
  }
  if (next.includes("assertion")) shown.push(button("Use a passkey", () => actions.passkey(), "main"));
  if (next.includes("consent")) shown.push(...consentParts(agreement, actions));
  if (next.includes("profile")) shown.push(...profileParts(profile, actions));
  if (status === "OTHER" && next.length === 0) shown.push(make("p", {}, "It can go on in a browser."));
  return shown;
}

function consentParts(agreement: Alive["agreement"], actions: Actions): readonly HTMLElement[] {
  const { title, text = "", contentType = "" } = agreement ?? {};
  const isHtml = contentType.includes("html");
  const words = isHtml ? new DOMParser().parseFromString(text, "text/html").body.textContent : text;
  return [
    ...(title === undefined ? [] : [make("h2", {}, title)]),
    ...(words === "" ? [] : [make("pre", { attributes: { tabindex: "0" } }, words)]),
    button("I agree", () => actions.take("consent", { accept: true }), "main"),
    button("I don't agree", () => actions.take("consent", { accept: false })),
  ];
}

function profileParts(profile: Alive["profile"], actions: Actions): readonly HTMLElement[] {
  const fields = (profile?.attributes ?? []).map(
    ({ name, label = name }): Field => ({
      ...{ name, label, type: "text", autocomplete: "on" },
      isOptional: true,
    }),
  );
  // Nobody says which of them PingOne requires: it refuses, where one is missing.
  const form = formOf({ title: "", button: "Save", fields }, actions, "main", (typed) => {
    const given = Object.entries(typed).filter(([, text]) => text !== "");
    actions.take("profile", { attributes: Object.fromEntries(given) });
  });
  return [make("p", {}, profile?.prompt ?? ""), form];
}

function deviceList(devices: readonly Device[], state: Alive, actions: Actions): readonly HTMLElement[] {
  const { selectedDevice, resend } = state;
  const others = devices.filter(({ id }) => id !== selectedDevice);
  const again =
    selectedDevice === undefined || resend === false
      ? []
      : [button("Send it again", () => actions.take("device", { deviceId: selectedDevice }))];
  const items = others.map(({ id, type, hint }) => {
    const label = `${kinds[type] ?? type}${hint === undefined ? "" : ` to ${hint}`}`;
    return make(
      "li",
      {},
      button(label, () => actions.take("device", { deviceId: id })),
    );
  });
  return items.length === 0 ? again : [...again, make("ul", { className: "list" }, ...items)];
}

const kinds: Readonly<Record<string, string>> = {
  EMAIL: "A code by e-mail",
  SMS: "A code by text message",
  VOICE: "A call",
  WHATSAPP: "A code by WhatsApp",
  MOBILE: "A push",
  TOTP: "A code from your app",
  FIDO2: "A passkey",
};

function folded(step: StepName, actions: Actions): HTMLElement {
  const form = forms[step];
  if (form === undefined) return make("div", {});
  return make("details", {}, make("summary", {}, form.title), formFor(step, form, actions));
}

function buttons(next: readonly StepName[], actions: Actions): readonly HTMLElement[] {
  return next.flatMap((step) => {
    const form = forms[step];
    // Before somebody is named there is nobody to be mistaken for.
    if (step === "reset" && actions.filled("username") === "") return [];
    return form?.fields.length === 0 ? [button(form.button, () => actions.take(step, {}))] : [];
  });
}

function formFor(step: StepName, form: StepForm, actions: Actions, className = ""): HTMLElement {
  return formOf(form, actions, className, (typed) => actions.take(step, typed));
}
