import { Names } from "../schedule/names.ts";
import { Endings } from "./endings.ts";
import { opened, type Prepared } from "./plan.ts";
import type { Finding } from "./search.ts";

/** A finding with the places of its choices, by which it can be run again. */
export interface Traced extends Finding {
  readonly places: readonly number[];
}

/**
 * Makes these choices as far as they can be made, and tells what does not hold by then.
 *
 * @param check the only check that matters
 */
export async function runThrough(
  prepared: Prepared,
  wanted: readonly (number | string)[],
  check?: string,
): Promise<Traced | undefined> {
  const schedule = opened(prepared, new Names());
  const endings = new Endings(prepared.ground.unanswered);
  const choices: string[] = [];
  const places: number[] = [];
  await schedule.begin();
  const fault = async () => {
    const { violation } = schedule.settings.judge;
    const one = violation ?? (await endings.faultAt(schedule, check));
    return check === undefined || one?.check === check ? one : undefined;
  };
  let found = await fault();
  for (const one of wanted) {
    if (found !== undefined) break;
    const all = schedule.choices();
    const place = typeof one === "number" ? one : all.findIndex(({ name }) => name === one);
    const choice = all[place];
    if (choice === undefined) continue;
    choices.push(choice.name);
    places.push(place);
    await schedule.take(choice);
    found = await fault();
  }
  return found && { words: [], ...found, choices, places };
}

/** The same finding with as few choices as it takes: each that can be left out is. */
export async function shrunk(prepared: Prepared, finding: Finding): Promise<Traced> {
  let least = await sameWith(prepared, finding, finding.choices);
  if (least === undefined) throw new Error("The same choices led to something else.");
  for (let index = 0; index < least.choices.length; ) {
    const fewer = await sameWith(prepared, finding, least.choices.toSpliced(index, 1));
    if (fewer !== undefined && fewer.choices.length < least.choices.length) least = fewer;
    else index += 1;
  }
  return least;
}

async function sameWith(
  prepared: Prepared,
  { check }: Finding,
  choices: readonly string[],
): Promise<Traced | undefined> {
  return runThrough(prepared, choices, check);
}
