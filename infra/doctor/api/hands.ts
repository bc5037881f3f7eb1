import * as z from "zod/mini";
import type { Environment } from "../../environment.ts";
import { asking, type Fetch } from "../asking.ts";

/** Somebody who signs on, and what they have at hand. */
export interface Hands {
  readonly username: string;
  readonly password: string;
  /** The code that was sent last. */
  code(hint: string): Promise<string>;
  /** Approves the push that was sent last. */
  approve(): Promise<void>;
}

/** A terminal with somebody at it. */
export interface Terminal {
  ask(question: string): Promise<string>;
  /** The same, and nothing that is typed is shown. */
  askHidden(question: string): Promise<string>;
}

/** A test person, as somebody at the terminal tells of them. Nothing of it is kept. */
export async function handsAt({ ask, askHidden }: Terminal): Promise<Hands> {
  const username = await ask("User name of a test person (not a real one): ");
  const password = await askHidden("Password (nothing is shown): ");
  return {
    username,
    password,
    code: (hint) => ask(`Code that was sent${hint === "" ? "" : ` to ${hint}`}: `),
    approve: async () => {
      await ask("Approve the push, then press Enter: ");
    },
  };
}

const People = z.record(z.string(), z.object({ username: z.string(), password: z.optional(z.string()) }));
const Inbox = z.array(z.object({ code: z.string() }));

/** The people of a simulator, by what happens to them. */
export interface Crowd {
  who(scenario: string): Hands | undefined;
}

/** How long this machine may take to answer: milliseconds. */
const localMs = 5_000;

/**
 * The people of the simulator that an environment has in PingOne's place; nothing where it has none. Only a
 * base URL of plain http can lead to one, so PingOne itself is never asked.
 */
export async function crowdOf(
  { pingOne }: Pick<Environment, "pingOne">,
  fetch: Fetch,
): Promise<Crowd | undefined> {
  const { protocol, port } = new URL(pingOne.baseUrl);
  if (protocol !== "http:") return undefined;
  // From a container it has another name.
  const control = `http://127.0.0.1:${port}/_simulator`;
  const ask = asking(fetch, localMs);
  const asked = await ask({ method: "GET", url: `${control}/people` });
  const people = asked.kind === "answered" ? People.safeParse(asked.json).data : undefined;
  if (people === undefined) return undefined;
  return {
    who: (scenario) => {
      const { username, password = "" } = people[scenario] ?? { username: "" };
      if (username === "") return undefined;
      const named = encodeURIComponent(username);
      return {
        username,
        password,
        code: async () => {
          const inbox = await ask({ method: "GET", url: `${control}/inbox?username=${named}` });
          const sent = inbox.kind === "answered" ? Inbox.safeParse(inbox.json).data : undefined;
          return sent?.at(-1)?.code ?? "";
        },
        approve: async () => {
          await ask({ method: "POST", url: `${control}/push/${named}`, body: '{"answer":"approve"}' });
        },
      };
    },
  };
}
