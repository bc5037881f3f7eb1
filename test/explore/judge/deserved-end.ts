import { isLostWithAnswer } from "../../../lib/flow/steps.ts";
import { isWorthCode, sessionCookie, type Upstream } from "../pingone/upstream.ts";
import type { FlowRow } from "../table/flow-row.ts";
import { applicationName } from "../world.ts";
import type { Check, RowSight } from "./check.ts";

/** No flow is given up too early. */
export const deservedEnd: Check = {
  name: "deserved end",
  promise: "A flow ends only where PingOne would give no code for what was stored and given.",
  onRow: ({ world, deeds, purpose, before, after }: RowSight) => {
    // A row that can't be used is ended, whatever PingOne would give.
    if (before === undefined || after === undefined || before === after || purpose === "end") {
      return undefined;
    }
    // What came late after the answer was nothing that the request could know.
    const upstream = deeds.answeredIn ?? world.upstream;
    const jar = jarOf(before, deeds.given);
    // Nobody could redeem the code of an application that is no longer configured.
    if (upstream === undefined || jar === undefined || jar.application !== applicationName) return undefined;
    if (purpose === "expire" && upstream.isKnown && jar.upstreamFlowId === upstream.id) {
      return `${deeds.name} ends a flow that PingOne knows`;
    }
    if (before.status === after.status) return undefined;
    // PingOne can deny tokens to an application whatever it has given the person.
    const isDenied =
      deeds.answer?.kind === "denied" && deeds.step !== undefined && isLostWithAnswer(deeds.step);
    return isDenied ? undefined : faultOf(after.status, upstream, jar);
  },
};

function faultOf(status: string, upstream: Upstream, jar: NonNullable<ReturnType<typeof jarOf>>) {
  if (status === "RESTART_REQUIRED" && isWorthCode(upstream, jar)) return "PingOne would still give the code";
  if (status === "FAILED" && upstream.status !== "FAILED") return `PingOne is at ${upstream.status}`;
  return undefined;
}

/** Everything that could be shown to PingOne. */
function jarOf({ jar }: FlowRow, given: string | undefined) {
  const kept = jar?.peek();
  const cookies = given === undefined ? [] : [{ name: sessionCookie, value: given }];
  return kept && { ...kept, cookies: [...kept.cookies, ...cookies] };
}
