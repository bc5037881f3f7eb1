import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Terminal } from "./hands.ts";

/** There is nobody to ask, or they have had enough. */
export class NobodyToAsk extends Error {
  override readonly name = "NobodyToAsk";
}

/** The streams of a terminal. */
export interface Streams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Somebody at a terminal. Passwords come from there alone: a command line or a pipe would leave them in a
 * shell's history.
 *
 * @throws NobodyToAsk when asked where there is no terminal, or stopped by Ctrl-C
 */
export function terminalOn({ input, output }: Streams): Terminal {
  const lines = (shownOn: NodeJS.WritableStream) => {
    if (input.isTTY === true) {
      return createInterface({ input, output: shownOn, terminal: true, historySize: 0 });
    }
    throw new NobodyToAsk("A test person is asked for at a terminal, and there is none.");
  };
  return {
    ask: async (question) => answerTo(question, lines(output)),
    askHidden: async (question) => {
      const hidden = lines(new Writable({ write: (_chunk, _encoding, done) => done() }));
      // From here on the terminal itself shows nothing that is typed.
      output.write(question);
      return answerTo("", hidden).finally(() => output.write("\n"));
    },
  };
}

async function answerTo(question: string, lines: Interface): Promise<string> {
  const stopped = new AbortController();
  lines.once("SIGINT", () => stopped.abort());
  try {
    return await lines.question(question, { signal: stopped.signal });
  } catch (error) {
    if (stopped.signal.aborted) throw new NobodyToAsk("Stopped.");
    throw error;
  } finally {
    lines.close();
  }
}
