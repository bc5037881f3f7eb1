import { switchesSchema } from "../../simulator/switches.ts";
import type { Stage } from "./stage.ts";

/** Where the stand-in can tell why it refuses. */
export const reasonPlaces = switchesSchema.shape.reasonsIn.options;

/** Has the stand-in tell its reasons in one of the places, each by turns. */
export function tellReasonsIn({ simulator }: Pick<Stage, "simulator">, turn: number): void {
  simulator.switches.reasonsIn = reasonPlaces[turn % reasonPlaces.length] ?? "by-reason";
}
