import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { people } from "../simulator/people.ts";
import { createPkce } from "../support/flow-client.ts";
import { spawnTied } from "../support/tied-process.ts";
import { meterPath, type Reading } from "./servers/meter.ts";
import { saying } from "./surroundings.ts";

/** A sign-on server in a process of its own. */
export interface Server {
  /** One request of the API; what it brought, parsed. */
  call(path: string, asked: Asked): Promise<Reply>;
  read(): Promise<Reading>;
  stop(): Promise<void>;
}

interface Asked {
  /** Where the person is. */
  readonly from: string;
  readonly token?: string | undefined;
  readonly body?: object | undefined;
}

/** The members of a reply that a client goes by. */
export interface Reply {
  readonly flowId?: string;
  readonly flowToken?: string;
  readonly code?: string;
}

/** Starts `node` with these arguments, and waits until it says on which port it listens. */
export async function startServer(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Server> {
  const server = spawnTied(process.execPath, ["--expose-gc", ...args], {
    ...{ env, stdout: "pipe", stderr: "inherit", signal: "TERM" },
  });
  const port = Number(await saying(server, /"port":(\d+)/));
  const agent = new Agent({ keepAlive: true });
  const ask = async (method: string, path: string, { from, token, body }: Partial<Asked> = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = {
      ...(from === undefined ? {} : { "x-forwarded-for": from }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const asked = request({ host: "127.0.0.1", port, agent, method, path, headers }, (incoming) => {
      text(incoming).then((said) => {
        if (incoming.statusCode === 200 || incoming.statusCode === 201) resolve(said);
        else reject(new Error(`${method} ${path}: ${incoming.statusCode} ${said}`));
      }, reject);
    });
    asked.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  };
  return {
    call: async (path, asked) => JSON.parse(await ask("POST", path, asked)),
    read: async () => JSON.parse(await ask("GET", meterPath)),
    stop: async () => {
      agent.destroy();
      await server.stop();
    },
  };
}

let addresses = 0;

/** Another one each time: people elsewhere don't come under each other's limits. */
export function drawAddress(): string {
  addresses += 1;
  return `10.${(addresses >> 16) & 0xff}.${(addresses >> 8) & 0xff}.${addresses & 0xff}`;
}

/** One sign-on by password, from the start to the code. */
async function signOn(server: Server): Promise<void> {
  const { username, password } = people.passwordOnly;
  const start = { codeChallenge: createPkce().challenge, policy: "Single_Factor" };
  const from = drawAddress();
  const begun = await server.call("/flows", { from, body: start });
  const path = `/flows/${begun.flowId}`;
  const credential = { token: begun.flowToken, body: { username, password } };
  const checked = await server.call(`${path}/password`, { from, ...credential });
  const { code } = await server.call(`${path}/resume`, { from, token: checked.flowToken });
  if (code === undefined) throw new Error("A sign-on brought no code.");
}

/**
 * So many sign-ons, so many of them at once. On a machine with much else to do one may come to nothing, which
 * a client would begin again.
 *
 * @throws where a tenth of them do
 */
export async function signOns(server: Server, count: number, atOnce: number): Promise<void> {
  let left = count;
  let failed = 0;
  const person = async () => {
    while (left > 0) {
      left -= 1;
      await signOn(server).catch((error: unknown) => {
        failed += 1;
        left += 1;
        if (failed > count / 10) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, person));
}
