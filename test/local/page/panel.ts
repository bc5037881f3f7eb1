import type { FetchedReply, FetchInit } from "../../../lib/client/sign-on.ts";
import { make } from "./elements.ts";
import type { SandboxFacts } from "./facts.ts";

/** How often the phone is looked at: milliseconds. */
const phonePauseMs = 1_500;

const hidden = /"(password|currentPassword|newPassword|otp|recoveryCode|verificationCode)":"[^"]*"/g;
const token = /"(flowToken|access_token|id_token|refresh_token|code)":"([^"]{6})[^"]*"/g;

/** The side panel: every request and reply as it happens, and the trouble that can be made. */
export class Panel {
  readonly #log = make("ol", { className: "log", attributes: { reversed: "" } });
  readonly #told = make("p", { className: "soft", attributes: { role: "status" } }, "");
  readonly #phone = make("div", {});
  readonly #simulator: string | undefined;
  #losesNext = false;

  /** @param facts of the sandbox; without them nobody can reset PingOne's connections */
  constructor(facts: SandboxFacts | undefined) {
    this.#simulator = facts?.simulator;
  }

  /** What the panel consists of. */
  get parts(): readonly HTMLElement[] {
    const lose = make("button", { onClick: () => this.#loseNext() }, "Lose the reply");
    const reset = make("button", { onClick: () => void this.#resetNext() }, "Reset the connection");
    return [
      make("h2", {}, "Make trouble"),
      make(
        "p",
        { className: "soft" },
        "Press one, then go on. PingOne still sees each password and code only once.",
      ),
      make("div", { className: "row" }, lose, ...(this.#simulator === undefined ? [] : [reset])),
      this.#told,
      this.#phone,
      make("h2", {}, "Requests and replies"),
      this.#log,
    ];
  }

  /** A `fetch` that is written down, and loses a reply where it was asked to. */
  readonly fetch = async (url: string, init: FetchInit): Promise<FetchedReply> => {
    const entry = this.#entry(url, init);
    const isLost = this.#losesNext;
    this.#losesNext = false;
    try {
      const reply = await fetch(url, init);
      const text = await reply.text();
      if (isLost) throw new TypeError("The reply was lost, as you asked.");
      const seconds = reply.headers.get("retry-after");
      entry.answered(`${reply.status}${seconds === null ? "" : `, Retry-After ${seconds}`}`, text, reply.ok);
      return { status: reply.status, headers: reply.headers, text: async () => text };
    } catch (error) {
      this.#say("");
      entry.answered(isLost ? "reply lost" : "no answer", "", false);
      throw error;
    }
  };

  /** Looks at the phone of somebody in the sandbox: the code that was sent, and pushes to answer. */
  watchPhone(username: () => string, waitsForPush: () => boolean): void {
    if (this.#simulator === undefined) return;
    let shown = "";
    const look = async () => {
      const name = username();
      const codes = name === "" ? [] : await this.#codes(name);
      const isPushed = waitsForPush();
      const now = JSON.stringify([name, codes, isPushed]);
      if (now !== shown) this.#phone.replaceChildren(...this.#phoneParts(name, codes, isPushed));
      shown = now;
      setTimeout(() => void look(), phonePauseMs);
    };
    void look();
  }

  #phoneParts(name: string, codes: readonly string[], isPushed: boolean): readonly HTMLElement[] {
    if (codes.length === 0 && !isPushed) return [];
    const button = (answer: string, label: string) =>
      make("button", { onClick: () => void this.#control(`push/${name}`, { answer }) }, label);
    const push = make("div", { className: "row" }, button("approve", "Approve"), button("deny", "Deny"));
    const timeOut = button("timeout", "Let it time out");
    if (isPushed) push.append(timeOut);
    return [
      make("h2", {}, `The phone of ${name}`),
      ...codes.slice(-3).map((code) => make("p", {}, "Your code is ", make("strong", {}, code))),
      ...(isPushed ? [make("p", {}, "Somebody signs on. Is it you?"), push] : []),
    ];
  }

  async #codes(username: string): Promise<readonly string[]> {
    try {
      const reply = await fetch(
        `${this.#simulator}/_simulator/inbox?username=${encodeURIComponent(username)}`,
      );
      const messages: readonly { readonly code: string }[] = await reply.json();
      return messages.map(({ code }) => code);
    } catch {
      return [];
    }
  }

  #loseNext(): void {
    this.#losesNext = true;
    this.#say("The next reply is going to be lost. The page then repeats the request, unchanged.");
  }

  async #resetNext(): Promise<void> {
    await this.#control("faults", { kind: "reset", on: "any", applied: true });
    this.#say(
      "PingOne's next connection is going to be reset. The page then reads the flow to learn what happened.",
    );
  }

  /** A plain text needs no preflight. */
  async #control(path: string, body: object): Promise<void> {
    await fetch(`${this.#simulator}/_simulator/${path}`, { method: "POST", body: JSON.stringify(body) });
  }

  #say(text: string): void {
    this.#told.textContent = text;
  }

  #entry(url: string, { method, body, headers }: FetchInit) {
    const { pathname } = new URL(url, location.href);
    const told = make("span", { className: "told" }, "…");
    const content = make("div", {});
    const named = pathname
      .replace(/^\/flows\/[0-9a-f-]{36}/, "/flows/{flowId}")
      .replace(/^\/[0-9a-f-]{36}\/as\//, "/{environment}/as/");
    const name = `${method} ${named}`;
    const summary = make("summary", {}, make("span", {}, name), told);
    this.#log.prepend(make("li", {}, make("details", {}, summary, content)));
    const shown = headers["Authorization"]?.slice(0, 20);
    if (shown !== undefined) content.append(make("pre", {}, `Authorization: ${shown}…`));
    if (body !== undefined) content.append(make("pre", {}, pretty(body)));
    return {
      answered: (status: string, text: string, isGood: boolean) => {
        told.textContent = status;
        told.className = isGood ? "told" : "told bad";
        if (text !== "") content.append(make("pre", {}, pretty(text)));
        if (!isGood) this.#say("");
      },
    };
  }
}

/** JSON to read, with what is secret left out or cut short. */
function pretty(text: string): string {
  const safe = text.replace(hidden, '"$1":"•••"').replace(token, '"$1":"$2…"');
  try {
    return JSON.stringify(JSON.parse(safe), null, 2);
  } catch {
    return safe.slice(0, 500);
  }
}
