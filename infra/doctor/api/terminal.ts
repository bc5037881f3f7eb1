import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Terminal } from "./hands.ts";

/** There is nobody to ask. */
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
 * @throws NobodyToAsk when asked where there is no terminal
 */
export function terminalOn({ input, output }: Streams): Terminal {
  const ask = async (question: string, isShown: boolean) => {
    if (input.isTTY !== true) {
      throw new NobodyToAsk("A test person is asked for at a terminal, and there is none.");
    }
    output.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({
      input,
      output: isShown ? output : silent,
      terminal: true,
      historySize: 0,
    });
    try {
      return await lines.question("");
    } finally {
      lines.close();
      if (!isShown) output.write("\n");
    }
  };
  return { ask: (question) => ask(question, true), askHidden: (question) => ask(question, false) };
}
