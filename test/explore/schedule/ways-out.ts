import { StoreUnavailable } from "../../../lib/flow/store.ts";
import type { UpstreamCall } from "../pingone/calls.ts";
import { lateEffects, type Outcome, outcomesOf } from "../pingone/outcomes.ts";
import { take, takeLate } from "../pingone/taking.ts";
import type { Effect } from "../pingone/upstream.ts";
import type { WaysOut } from "../ports.ts";
import type { Wire } from "../table/table.ts";
import type { Actor, Choice, Course } from "./choice.ts";

/** A request to the table that is not answered is sent so often by the SDK. */
const mostTries = 2;

/** What leaves a request: all of it waits until somebody chooses what becomes of it. */
export function waysOut(schedule: Course, actor: Actor): WaysOut {
  return {
    wire: tableWay(schedule, actor),
    ask: pingOneWay(schedule, actor),
    tell: waiterWay(schedule, actor),
  };
}

function tableWay(schedule: Course, actor: Actor): Wire {
  const { judge, names } = schedule.settings;
  return (request) => {
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof request.apply>>();
    const isRead = request.operation === "GetItem";
    const matter = request.operation === "TransactWriteItems" ? "limits" : "row";
    let tries = 1;
    judge.sends(actor.name);
    const apply = () => judge.table(actor.name, request, tries);
    const choice = (what: string, faults: 0 | 1, does: () => void): Choice => ({
      ...{ actor: actor.name, name: `${actor.name}: ${request.purpose} ${what}`, faults, matter, take: does },
    });
    const done = choice("is done", 0, () => {
      const result = apply();
      schedule.reply(actor, names.textOf(result), () => resolve(result));
    });
    const again = choice("is done, its reply is lost, and it is sent again", 1, () => {
      apply();
      tries += 1;
      schedule.note(actor, "again");
    });
    const givenUp = choice("is given up", 1, () => {
      judge.gaveUp(actor.name);
      if (!isRead) schedule.fly(actor, late);
      schedule.reply(actor, "given up", () => reject(new StoreUnavailable("The table did not answer.")));
    });
    const late = (land: () => void) => [
      choice("is done after all", 0, () => {
        land();
        apply();
      }),
    ];
    actor.pending = () => (isRead || tries === mostTries ? [done, givenUp] : [done, again, givenUp]);
    return promise;
  };
}

function pingOneWay(schedule: Course, actor: Actor): WaysOut["ask"] {
  const { judge, world, names, width } = schedule.settings;
  const { name } = actor;
  return (call) => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof take>>();
    judge.asks(name);
    const choiceOf = (outcome: Outcome): Choice => ({
      ...{ actor: name, name: `${name}: asks for ${whatOf(call)}: ${outcome.name}` },
      ...{ faults: outcome.faults, matter: "pingone" },
      take: () => {
        const reply = judge.asked(name, call, outcome.effect, () => take(world, call, outcome));
        if (outcome.tell === undefined) schedule.fly(actor, late);
        schedule.reply(actor, names.textOf(reply), () => resolve(reply));
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
    actor.pending = () => outcomesOf(world.upstream, call, width).map(choiceOf);
    return promise;
  };
}

function whatOf(call: UpstreamCall): string {
  if (call.kind === "start") return "a flow";
  return call.kind === "act" ? call.step : `what became of ${call.step}`;
}

function wordFor(effect: Effect): string {
  if (effect.kind !== "moved") return effect.kind;
  return effect.status === "COMPLETED" ? `COMPLETED, the session ${effect.coming}` : effect.status;
}

function waiterWay(schedule: Course, actor: Actor): WaysOut["tell"] {
  const { judge } = schedule.settings;
  return (waiter, news) => {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    judge.tells(actor.name);
    const choice = (what: string, faults: 0 | 1, arrives: boolean, end: () => void): Choice => ({
      ...{ actor: actor.name, name: `${actor.name}: the waiter ${what}`, faults, matter: "waiter" },
      take: () => {
        if (arrives) judge.told(actor.name, waiter, news);
        if (faults > 0) judge.unheard(actor.name);
        schedule.reply(actor, what, end);
      },
    });
    const all = [
      choice("is told", 0, true, () => resolve(true)),
      choice("is not reached", 1, false, () => resolve(false)),
      choice("is told, and the reply is lost", 1, true, () => reject(new Error("No reply came."))),
    ];
    actor.pending = () => all;
    return promise;
  };
}
