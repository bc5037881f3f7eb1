import { people } from "../simulator/people.ts";
import { createPkce } from "../support/flow-client.ts";
import { startEngineMeter, type TableRequest } from "./engine-meter.ts";
import type { Reply } from "./server.ts";
import { createBenchStage } from "./stage.ts";
import type { Surroundings } from "./surroundings.ts";

const { username, password } = people.emailOtp;

/** What each request of a sign-on asked of the table. */
export type TableUse = Readonly<Record<string, readonly TableRequest[]>>;

/** A sign-on by password and a code that is mailed, with one read, as the engine sees it. */
export async function tableUse(surroundings: Surroundings): Promise<TableUse> {
  const meter = await startEngineMeter(surroundings.engine.endpoint);
  const stage = createBenchStage(surroundings, meter.endpoint);
  const use: Record<string, readonly TableRequest[]> = {};
  const asking = async (name: Parameters<typeof stage.call>[0], asked: Parameters<typeof stage.call>[1]) => {
    const before = meter.requests.length;
    const reply = await stage.call(name, asked);
    use[name] = meter.requests.slice(before);
    return reply;
  };
  try {
    const body = { codeChallenge: createPkce().challenge, policy: "Multi_Factor" };
    const begun = await asking("start", { body });
    const asked = await asking("password", { ...key(begun), body: { username, password } });
    await asking("status", key(asked));
    const otp = await codeFor(surroundings.pingOneBaseUrl);
    const done = await asking("otp", { ...key(asked), body: { otp } });
    await asking("resume", key(done));
    return use;
  } finally {
    stage.close();
    await meter.stop();
  }
}

function key({ flowId, flowToken }: Reply) {
  return { flowId, flowToken };
}

async function codeFor(pingOneBaseUrl: string): Promise<string> {
  const inbox = new URL(`/_simulator/inbox?username=${encodeURIComponent(username)}`, pingOneBaseUrl);
  const said = await (await fetch(inbox)).text();
  const code = [...said.matchAll(/"code":\s*"(\w+)"/g)].at(-1)?.[1];
  if (code === undefined) throw new Error(`No code was sent: ${said}`);
  return code;
}
