import type { IdTokenReading } from "../../../lib/flow/provider.ts";
import { type UpstreamCall, whatOf } from "../pingone/calls.ts";
import { verified } from "../pingone/keys.ts";
import type { Outcome } from "../pingone/outcome.ts";
import { lateEffects, outcomesOf } from "../pingone/outcomes.ts";
import { take, takeLate } from "../pingone/taking.ts";
import type { Effect } from "../pingone/upstream.ts";
import { hasWritten, type TableRequest } from "../table/table.ts";
import type { Actor, Choice, Course } from "./choice.ts";
import type { Wait } from "./run.ts";

/** A request to the table that is not answered is sent so often by the SDK. */
const mostTries = 2;

/** What can become of what a request waits for. */
export function choicesFor(schedule: Course, actor: Actor): readonly Choice[] {
  const { pending } = actor;
  switch (pending?.kind) {
    case undefined:
      return [];
    case "table":
      return atTable(schedule, actor, pending.request);
    case "pingone":
      return atPingOne(schedule, actor, pending.call);
    case "keys":
      return atKeys(schedule, actor);
    case "waiter":
      return atWaiter(schedule, actor, pending);
  }
}

function atTable(schedule: Course, actor: Actor, request: TableRequest<unknown>): readonly Choice[] {
  const { judge, names } = schedule.settings;
  const { operation, purpose } = request;
  const { earlier } = actor;
  const tries = earlier.tries + 1;
  const isRead = operation === "GetItem";
  const matter = operation === "TransactWriteItems" ? "limits" : "row";
  const apply = () => judge.table(actor.name, request, tries, earlier.hasWritten);
  const choice = (what: string, faults: 0 | 1, does: () => void): Choice => ({
    ...{ actor: actor.name, name: `${actor.name}: ${purpose} ${what}`, faults, matter, take: does },
  });
  const done = choice("is done", 0, () => {
    const result = apply();
    schedule.reply(actor, names.textOf(result), { kind: "table", purpose, result });
  });
  const again = choice("is done, its reply is lost, and it is sent again", 1, () => {
    const isWritten = hasWritten(apply());
    actor.earlier = { tries, hasWritten: earlier.hasWritten || isWritten };
    schedule.reply(actor, "again", undefined);
  });
  const givenUp = choice("is given up", 1, () => {
    judge.gaveUp(actor.name);
    if (!isRead) schedule.fly(actor, late);
    schedule.reply(actor, "given up", { kind: "lost" });
  });
  const late = (land: () => void) => [
    choice("is done after all", 0, () => {
      land();
      apply();
    }),
  ];
  return isRead || tries === mostTries ? [done, givenUp] : [done, again, givenUp];
}

function atPingOne(schedule: Course, actor: Actor, call: UpstreamCall): readonly Choice[] {
  const { judge, world, names, width } = schedule.settings;
  const { name } = actor;
  const choiceOf = (outcome: Outcome): Choice => ({
    ...{ actor: name, name: `${name}: asks for ${whatOf(call)}: ${outcome.name}` },
    ...{ faults: outcome.faults, matter: "pingone" },
    take: () => {
      const reply = judge.asked(name, call, outcome.effect, () => take(world, call, outcome));
      if (outcome.tell === undefined) schedule.fly(actor, late);
      schedule.reply(actor, names.textOf(reply), { kind: "pingone", reply });
    },
  });
  const late = (land: () => void) =>
    lateEffects(world.upstream, call).map(
      (effect): Choice => ({
        ...{ actor: name, name: `${name}: ${whatOf(call)} comes to PingOne after all: ${wordFor(effect)}` },
        ...{ faults: 0, matter: "pingone" },
        take: () => {
          land();
          judge.asked(name, call, effect, () => takeLate(world, effect));
        },
      }),
    );
  return outcomesOf(world.upstream, call, width).map(choiceOf);
}

/** PingOne's keys tell whose an ID token is, or can't be had. */
function atKeys(schedule: Course, actor: Actor): readonly Choice[] {
  const { judge } = schedule.settings;
  const choice = (what: string, faults: 0 | 1, reading: IdTokenReading): Choice => ({
    ...{ actor: actor.name, name: `${actor.name}: ${what}`, faults, matter: "keys" },
    take: () => {
      judge.identified(actor.name, reading.kind);
      schedule.reply(actor, what, { kind: "keys", reading });
    },
  });
  return [
    choice("the ID token is the person's", 0, verified),
    choice("the ID token is nobody's", 0, { kind: "refused" }),
    choice("PingOne's keys can't be had", 1, { kind: "unavailable" }),
  ];
}

function wordFor(effect: Effect): string {
  if (effect.kind !== "moved") return effect.kind;
  return effect.status === "COMPLETED" ? `COMPLETED, the session ${effect.coming}` : effect.status;
}

function atWaiter(
  schedule: Course,
  actor: Actor,
  { waiter, news }: Wait & { readonly kind: "waiter" },
): readonly Choice[] {
  const { judge } = schedule.settings;
  const choice = (what: string, faults: 0 | 1, arrives: boolean, isReached?: boolean): Choice => ({
    ...{ actor: actor.name, name: `${actor.name}: the waiter ${what}`, faults, matter: "waiter" },
    take: () => {
      if (arrives) judge.told(actor.name, waiter, news);
      if (faults > 0) judge.unheard(actor.name);
      schedule.reply(actor, what, isReached === undefined ? { kind: "lost" } : { kind: "waiter", isReached });
    },
  });
  return [
    choice("is told", 0, true, true),
    choice("is not reached", 1, false, false),
    choice("is told, and the reply is lost", 1, true),
  ];
}
