import { createSignOn, type SignOn, type State, type StepName } from "../../../lib/client/sign-on.ts";
import { heading } from "./controls.ts";
import { byId, make } from "./elements.ts";
import type { SandboxFacts, Someone } from "./facts.ts";
import { Panel } from "./panel.ts";
import { type Actions, claimsScreen, messageScreen, screenFor } from "./screen.ts";
import { firstSettings, type Settings, settingsForm } from "./settings.ts";
import { clock } from "./words.ts";

/** One page: a sign-on after another. */
class Page {
  readonly #facts: SandboxFacts;
  readonly #settings: Settings;
  readonly #panel: Panel;
  readonly #screen = byId("screen");
  readonly #left = make("p", { className: "soft", attributes: { "aria-hidden": "true" } });
  #signOn: SignOn | undefined;
  #who: Someone | undefined;
  #username = "";
  /** What was typed last about the person: whatever is wrong with it can be mended. */
  #attributes: Readonly<Record<string, unknown>> = {};
  #waiting = new AbortController();

  constructor(facts: SandboxFacts) {
    this.#facts = facts;
    this.#settings = firstSettings(facts);
    const isSandbox = this.#settings.api === location.origin;
    this.#panel = new Panel(isSandbox ? facts : undefined);
    byId("panel").append(...this.#panel.parts);
    this.#panel.watchPhone(
      () => this.#username,
      () => this.#signOn?.state?.status === "PUSH_CONFIRMATION_REQUIRED",
    );
    setInterval(() => this.#countDown(), 1_000);
    this.#begin();
  }

  readonly #actions: Actions = {
    take: (step, body) => void this.#take(step, body),
    passkey: () => void this.#follow((signOn) => signOn.passkey()),
    again: () => void this.#follow((signOn) => signOn.again()),
    cancel: () => void this.#follow((signOn) => signOn.cancel()),
    restart: () => this.#begin(),
    filled: (field) => this.#filled(field),
  };

  /** Nothing is started yet: who, and where. */
  #begin(): void {
    this.#waiting.abort();
    this.#signOn = undefined;
    this.#username = "";
    const people = this.#facts.people.map((one, index) =>
      make("option", { value: String(index) }, `${one.username}: ${one.story}`),
    );
    const isSandbox = this.#settings.api === location.origin;
    const who = make(
      "select",
      { attributes: { name: "who" } },
      make("option", { value: "" }, "I type the name myself"),
      ...people,
    );
    const form = make(
      "form",
      {},
      ...(isSandbox ? [make("label", {}, "Who signs on", who)] : []),
      make("button", { type: "submit", className: "main" }, "Sign on"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#who = who.value === "" ? undefined : this.#facts.people[Number(who.value)];
      void this.#start();
    });
    this.#show([
      heading("Welcome"),
      make(
        "p",
        {},
        "Sign on with PingOne, step by step. There is no redirect, and this browser gets no PingOne cookie.",
      ),
      ...(isSandbox ? [] : [make("p", {}, "Signs on at ", make("strong", {}, this.#settings.api), ".")]),
      form,
      settingsForm(this.#settings),
    ]);
  }

  async #start(): Promise<void> {
    const { api, application, policy, tokenDelivery } = this.#settings;
    this.#username = this.#who?.username ?? "";
    this.#signOn = createSignOn({
      url: api,
      tokenDelivery: tokenDelivery === "cookie" ? "cookie" : "body",
      platform: { fetch: this.#panel.fetch },
    });
    const chosen = policy === "" ? (this.#who?.policy ?? "") : policy;
    const asked = { ...(application !== "" && { application }), ...(chosen !== "" && { policy: chosen }) };
    await this.#follow((signOn) => signOn.start(asked));
  }

  async #take(step: StepName, body: Readonly<Record<string, unknown>>): Promise<void> {
    const { username, attributes } = body;
    if (typeof username === "string") this.#username = username;
    this.#attributes = Object(attributes ?? {});
    await this.#follow((signOn) => takeStep(signOn, step, body));
  }

  /** Does something and shows where it led to; goes on by itself where nobody is needed. */
  async #follow(work: (signOn: SignOn) => Promise<State>, isRead = false): Promise<void> {
    const signOn = this.#signOn;
    if (signOn === undefined) return;
    this.#waiting.abort();
    this.#waiting = new AbortController();
    this.#setBusy(true);
    const state = await work(signOn);
    if (signOn !== this.#signOn) return;
    if ("more" in state && state.more !== undefined && !isRead) {
      // What is too large to be kept comes with a read alone.
      await this.#follow((one) => one.read(), true);
      return;
    }
    this.#show([...screenFor(state, this.#actions), ...this.#advice(state), this.#left]);
    this.#countDown();
    if (state.status === "COMPLETED") await this.#follow((one) => one.resume());
    else if (state.status === "RESUMED") await this.#redeem(signOn);
    else if (state.status === "PUSH_CONFIRMATION_REQUIRED") await this.#awaitPush(signOn);
  }

  /** What to look at where another API never answers. */
  #advice({ status }: State): readonly HTMLElement[] {
    const { api } = this.#settings;
    if (status !== "UNANSWERED" || api === location.origin) return [];
    const place = `Does ${api} list ${location.origin} in allowedOrigins?`;
    return [make("p", {}, `${place} If it doesn't, the browser's console shows an error that names CORS.`)];
  }

  async #awaitPush(signOn: SignOn): Promise<void> {
    const { signal } = this.#waiting;
    await signOn.waitForPush(signal);
    if (!signal.aborted) await this.#follow(async (one) => one.state ?? one.read());
  }

  async #redeem(signOn: SignOn): Promise<void> {
    const { issuer, clientId } = this.#settings;
    if (issuer === "" || clientId === "") {
      this.#show(
        messageScreen(
          "You are signed on",
          "PingOne gave the code. To redeem it, this page needs an issuer and a client ID.",
          this.#actions,
        ),
      );
      return;
    }
    const redeemed = await signOn.redeem({ issuer, clientId });
    this.#show(
      redeemed.ok
        ? claimsScreen(redeemed.claims, this.#actions)
        : messageScreen("No tokens", `The code could not be redeemed: ${redeemed.reason}.`, this.#actions),
    );
  }

  #filled(field: string): string {
    if (field === "username") return this.#username;
    if (field in this.#attributes) return String(this.#attributes[field]);
    return field === "password" || field === "currentPassword" ? (this.#who?.password ?? "") : "";
  }

  #show(elements: readonly HTMLElement[]): void {
    this.#screen.replaceChildren(...elements);
    this.#setBusy(false);
    this.#screen.querySelector("h1")?.focus();
  }

  #setBusy(isBusy: boolean): void {
    this.#screen.setAttribute("aria-busy", String(isBusy));
    for (const button of this.#screen.querySelectorAll("button")) button.disabled = isBusy;
  }

  #countDown(): void {
    const { state } = this.#signOn ?? {};
    const isOpen = state !== undefined && "expiresIn" in state;
    const seconds = this.#signOn?.secondsLeft() ?? 0;
    this.#left.textContent = isOpen ? `This sign-on ends in ${clock(seconds)}.` : "";
  }
}

/** Takes a step by the method of its name. */
function takeStep(signOn: SignOn, step: StepName, body: Readonly<Record<string, unknown>>): Promise<State> {
  const name = step.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const method: unknown = Reflect.get(signOn, name);
  if (typeof method !== "function") throw new Error(`The client has no ${name}.`);
  return method(body);
}

const reply = await fetch("/settings.json");
const facts: SandboxFacts = await reply.json();
document.body.dataset["ready"] = String(new Page(facts) !== undefined);
