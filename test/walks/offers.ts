import type { Jar } from "../../lib/flow/jar.ts";
import { actionOf, clientSteps, steps } from "../../lib/flow/steps.ts";
import { commandFor } from "../explore/requests.ts";
import type { WalkStage } from "./stage.ts";

/**
 * Holds an offer to PingOne itself: its flow is read, and asked for one of the steps that are not offered.
 *
 * @param drawn chooses that step
 * @returns what is wrong; nothing where the offer is exactly what PingOne takes
 */
export async function offerFault(
  { provider, application }: Pick<WalkStage, "application" | "provider">,
  jar: Jar,
  offered: readonly string[],
  drawn: number,
): Promise<string | undefined> {
  const { answer } = await provider.read(jar, {}, "poll");
  if (answer.kind !== "flow") return undefined;
  const { status, actions } = answer.flow;
  const taken = clientSteps.filter((step) => {
    const action = actionOf(step);
    return (action !== undefined && actions.includes(action)) || steps[step].offeredIn?.includes(status);
  });
  if (taken.toString() !== offered.toString()) {
    return `${offered} is offered at ${status}, and ${taken} is taken`;
  }
  const others = clientSteps.filter((step) => actionOf(step) !== undefined && !offered.includes(step));
  const other = others[drawn % Math.max(1, others.length)];
  if (other === undefined) return undefined;
  const asked = await provider.act(commandFor(other), jar, application, {});
  return asked.answer.kind === "flow" ? `${other} is not offered at ${status}, and is taken` : undefined;
}
