import { parseArgs } from "node:util";

/** What the command was asked for. */
export interface Asked {
  /** The name of the environment; nothing where none was given. */
  readonly environment: string | undefined;
  /** Whether the AWS account is examined, and not PingOne. */
  readonly account: boolean;
  /** The URL of a deployed API that is to be taken through its journeys. */
  readonly api: string | undefined;
}

/** The command line can't be read: the message is for whoever typed it. */
export class UsageRefused extends Error {
  override readonly name = "UsageRefused";
}

const usage = "Usage: npm run doctor -- -c env=dev [--account | --api https://…]";

/**
 * Reads the command line. Nothing secret has a place there: it would stay in the shell's history.
 *
 * @throws UsageRefused for what isn't known
 */
export function readCommandLine(args: readonly string[]): Asked {
  const { context, account, api } = parse(args);
  if (account && api !== undefined) throw new UsageRefused(usage);
  const said = new Map(context.map((pair) => pairOf(pair)));
  const unknown = [...said.keys()].find((name) => name !== "env");
  if (unknown !== undefined) {
    // Only a word is repeated: whatever else was typed there might be secret.
    const named = /^[a-z-]+$/i.test(unknown) ? `There is no -c ${unknown}=. ` : "";
    throw new UsageRefused(`${named}${usage}`);
  }
  return { environment: said.get("env"), account, api };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        context: { type: "string", short: "c", multiple: true, default: [] },
        account: { type: "boolean", default: false },
        api: { type: "string" },
      },
    });
    return values;
  } catch {
    throw new UsageRefused(usage);
  }
}

function pairOf(pair: string): readonly [name: string, value: string] {
  const [name = "", ...value] = pair.split("=");
  return [name, value.join("=")];
}
