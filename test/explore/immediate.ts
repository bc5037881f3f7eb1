import type { FlowPorts } from "../../lib/flow/context.ts";
import type { Judge } from "./judge/judge.ts";
import { verified } from "./pingone/keys.ts";
import { outcomesOf } from "./pingone/outcomes.ts";
import { take } from "./pingone/taking.ts";
import { type Footing, portsFor, type WaysOut } from "./ports.ts";
import type { RequestSpec } from "./requests.ts";

/** Ports on which nothing goes wrong and nobody else is at work. PingOne does what helps most. */
export function immediatePorts(name: string, footing: Footing, judge: Judge): FlowPorts {
  const { world } = footing;
  const out: WaysOut = {
    wire: async (request) => {
      judge.sends(name);
      return judge.table(name, request, 1);
    },
    ask: async (call) => {
      judge.asks(name);
      const [best] = outcomesOf(world.upstream, call, "core");
      if (best === undefined) throw new Error("PingOne always does something.");
      return judge.asked(name, call, best.effect, () => take(world, call, best));
    },
    verify: async () => {
      judge.identified(name, verified.kind);
      return verified;
    },
    tell: async (waiter, news) => {
      judge.tells(name);
      judge.told(name, waiter, news);
      return true;
    },
  };
  return portsFor(name, footing, out);
}

/** Makes a request by itself. */
export async function runAlone(name: string, spec: RequestSpec, footing: Footing, judge: Judge) {
  judge.enters(name, spec);
  try {
    const given = await spec.run(immediatePorts(name, footing, judge));
    const answer = footing.defect?.answer?.(given) ?? given;
    judge.answered(name, answer);
    return answer;
  } catch (error) {
    judge.threw(name, error);
    return undefined;
  }
}
