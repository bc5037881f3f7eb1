import { applicationIn } from "./application.ts";
import type { Check } from "./check.ts";

/** What can't be taken up is not tried. */
export const fitOnly: Check = {
  name: "fit only",
  promise: "PingOne is not asked for what the application, the flow or an ID token tells against.",
  onCall: ({ call, deeds, settings }) => {
    const { command, isUnfit, reading, rows } = deeds;
    if (isUnfit || (reading !== undefined && reading !== "verified")) {
      return `${deeds.name} asks PingOne all the same`;
    }
    const row = rows.at(-1);
    if (call.kind !== "act" || call.step !== command?.step || row === undefined) return undefined;
    const application = applicationIn(row, settings);
    if (application === undefined) return `${deeds.name} asks for an application that is gone`;
    const standing = row.jar?.peek().standing;
    const isObjected = command.objection({ details: row.view, standing, application }) !== undefined;
    return isObjected ? `${deeds.name} asks for what the flow tells against` : undefined;
  },
  onAnswer: ({ deeds, answer: { reply } }) => {
    const isRefused = reply.kind === "problem" && reply.problem.error === "request-invalid";
    return deeds.isUnfit && !isRefused ? `${deeds.name} is not told what is wrong with it` : undefined;
  },
};
