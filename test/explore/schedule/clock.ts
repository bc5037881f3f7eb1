import { keyOf } from "../table/flow-row.ts";
import { rowIn } from "../world.ts";
import type { Choice, ScheduleSettings } from "./choice.ts";

/** What the time can do while requests are under way: it passes a lease or the deadline. */
export function clockChoices({ world, settings, width, judge }: ScheduleSettings): readonly Choice[] {
  const row = rowIn(world);
  const { budgets } = settings;
  const choice = (name: string, take: () => void): Choice => ({
    ...{ actor: "", name, faults: 1, matter: "clock", take },
  });
  const to = (name: string, moment: number | undefined) =>
    moment === undefined || moment <= world.now
      ? []
      : [
          choice(name, () => {
            world.now = moment;
            judge.passes();
          }),
        ];
  const common = [
    ...to("time passes: the lease ends", row?.claim?.until),
    ...to("time passes: the flow expires", row?.deadline),
  ];
  if (width === "core") return common;
  return [
    ...to("time passes: more than a write may take", world.now + budgets.storeMs + 1),
    ...common,
    ...(row === undefined || row.ttl * 1000 > world.now
      ? []
      : [choice("the expired row is deleted", () => world.flows.delete(keyOf(world.flowId)))]),
  ];
}
