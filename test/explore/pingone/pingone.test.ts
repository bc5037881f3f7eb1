import { describe, expect, it } from "vitest";
import { isOver, nextSteps, resumed } from "../../../lib/flow/flow.ts";
import type { UpstreamReply } from "../../../lib/flow/provider.ts";
import { type StepName, steps } from "../../../lib/flow/steps.ts";
import { stepNotIn } from "../bounds/actors.ts";
import { jarFor, upstreamFor } from "../bounds/root-state.ts";
import { type FlowCall, type UpstreamCall, whatOf } from "./calls.ts";
import type { Outcome } from "./outcome.ts";
import { outcomesOf } from "./outcomes.ts";
import { recipeFor, recipeForStart, startFor } from "./recipes.ts";
import { acted, begun, read, type StandIn, signedOff, standInAt } from "./stand-in.ts";
import { playedStatuses, stepsIn } from "./statuses.ts";
import { take } from "./taking.ts";
import { sessionCookie, type Upstream } from "./upstream.ts";

const now = 1_790_000_000_000;

interface Case {
  readonly status: string;
  readonly call: UpstreamCall;
  readonly outcome: Outcome;
}

const played = playedStatuses.filter((status) => stepsIn(status).length > 0);

const cases: readonly Case[] = [
  ...played.flatMap((status) => {
    const other = stepNotIn(status);
    return [
      ...[...stepsIn(status), ...(other === undefined ? [] : [other])].map((step) =>
        callAt(status, "act", step),
      ),
      ...stepsIn(status)
        .slice(0, 1)
        .map((step) => callAt(status, "read", step)),
    ].flatMap((call) => casesOf(status, call));
  }),
  ...stepsIn(resumed).flatMap((step) => casesOf(resumed, callAt(resumed, "act", step))),
  ...casesOf(resumed, { kind: "sign off", jar: jarFor({ status: resumed, session: "held" }) }),
];

function callAt(status: string, kind: FlowCall["kind"], step: StepName): UpstreamCall {
  return { kind, step, jar: jarFor({ status, session: isOver(status) ? "held" : undefined }) };
}

function casesOf(status: string, call: UpstreamCall): readonly Case[] {
  return outcomesOf(upstreamFor({ status, session: "held" }), call, "all").map((outcome) => ({
    ...{ status, call, outcome },
  }));
}

const starts = ([undefined, "by the client", "by a token"] as const).flatMap((named) => {
  const jar = { ...jarFor({ status: "SIGN_ON_REQUIRED" }), upstreamFlowId: "" };
  const call = { kind: "start", named, jar } as const;
  return outcomesOf(undefined, call, "all").map((outcome) => ({
    call,
    named: named ?? "by nobody",
    outcome,
  }));
});

/** What of a reply leads the core to a decision. */
function gist({ answer, jar }: UpstreamReply, before: string) {
  const flow = "flow" in answer ? answer.flow : undefined;
  return {
    kind: answer.kind,
    ...(flow === undefined ? {} : { status: flow.status, next: nextSteps(flow.status, flow.actions) }),
    hasSession: jar.cookies.some(({ name }) => name === sessionCookie),
    isRenamed: jar.upstreamFlowId !== before,
  };
}

/** What the model answers, and what it tells a reader then. */
function modelled({ status, call, outcome }: Case) {
  const state: { upstream: Upstream | undefined; now: number } = {
    upstream: upstreamFor({ status, session: "held" }),
    now,
  };
  const reply = take(state, call, outcome);
  const next: FlowCall = { kind: "read", step: stepOf(call), jar: reply.jar };
  const asItIs = outcomesOf(state.upstream, next, "core").find(
    ({ effect, tell }) => effect.kind === "none" && tell,
  );
  const after = asItIs && take(state, next, asItIs);
  return {
    reply: gist(reply, call.jar.upstreamFlowId),
    after: after && gist(after, reply.jar.upstreamFlowId),
  };
}

function stepOf(call: UpstreamCall): StepName {
  return "step" in call ? call.step : "resume";
}

function asked(standIn: StandIn, call: UpstreamCall): Promise<UpstreamReply> {
  if (call.kind === "sign off") return signedOff(standIn);
  return call.kind === "act" ? acted(standIn, stepOf(call)) : read(standIn, stepOf(call));
}

const named = cases.map((one) => ({ ...one, what: whatOf(one.call), kind: one.call.kind }));

describe("the model of PingOne gives what the simulator can give:", () => {
  it.each(named)("$kind $what at $status: $outcome.name", async (one) => {
    const { status, call, outcome } = one;
    const recipe = recipeFor(outcome.name);
    if (recipe === undefined) throw new Error("The simulator can't be brought to this.");
    const to = outcome.effect.kind === "moved" ? outcome.effect.status : undefined;
    const standIn = await standInAt(status, { to, switches: recipe.switches });
    try {
      await recipe.before?.(standIn, stepOf(call));
      const before = standIn.jar.upstreamFlowId;
      const reply = await asked(standIn, call);
      standIn.jar = reply.jar;
      const expected = modelled(one);
      expect(gist(reply, before)).toEqual(expected.reply);
      // Nobody reads a flow any more that has its code.
      if (outcome.name === "nothing is sent" || status === resumed) return;
      expect(gist(await read(standIn.anew(), stepOf(call)), reply.jar.upstreamFlowId)).toEqual(
        expected.after,
      );
    } finally {
      await standIn.close();
    }
  });

  it.each(starts)("a start of somebody who is named $named: $outcome.name", async ({ call, outcome }) => {
    const recipe = recipeForStart(outcome.name, call.named);
    if (recipe === undefined) throw new Error("The simulator can't be brought to this.");
    const standIn = await standInAt("SIGN_ON_REQUIRED", { switches: recipe.switches });
    try {
      await recipe.before?.(standIn, "lookup");
      // A start that names nobody is sent once more where it was lost on a kept connection.
      if (call.named === undefined && outcome.name === "no answer comes") {
        await recipe.before?.(standIn, "lookup");
      }
      const reply = await begun(standIn, startFor(outcome.name, call.named));
      expect(gist(reply, "")).toEqual(gist(take({ upstream: undefined, now }, call, outcome), ""));
    } finally {
      await standIn.close();
    }
  });

  it("leaves out no step that the simulator plays", () => {
    const asked = new Set(cases.map(({ call }) => stepOf(call)));
    expect([...asked].toSorted()).toEqual(Object.keys(steps).toSorted());
  });
});
