import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Action } from "./action.ts";
import type { ActionName } from "./faults.ts";
import type { Flow } from "./flow.ts";
import type { Switches } from "./switches.ts";

const folder = fileURLToPath(new URL("./actions", import.meta.url));

/** Every flow action that this stand-in performs: one file each in `actions/`. */
export const actions: readonly Action[] = await Promise.all(
  readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .toSorted()
    .map((file) => read(file.slice(0, -".ts".length))),
);

async function read(name: string): Promise<Action> {
  const { action }: { readonly action?: Action } = await import(`./actions/${name}.ts`);
  if (action === undefined) throw new Error(`test/simulator/actions/${name}.ts exports no action.`);
  return action;
}

/** Whether this stand-in performs an action of that name. */
export function isPerformed(name: string): name is ActionName {
  return actions.some((action) => action.name === name);
}

/** The actions that a flow has links for. */
export function actionsOf(flow: Flow, switches: Switches): readonly ActionName[] {
  return actions.filter((action) => isOffered(action, flow, switches)).map(({ name }) => name);
}

/** The action of that name, if a flow has a link for it. */
export function offeredAction(flow: Flow, name: string, switches: Switches): Action | undefined {
  return actions.find((action) => action.name === name && isOffered(action, flow, switches));
}

function isOffered(
  { name, offeredIn, isSelfService = false }: Action,
  { request, status }: Flow,
  { pushCancel }: Switches,
): boolean {
  if (name === "cancel.push.authentication" && pushCancel === "absent") return false;
  return offeredIn.includes(status) && (!isSelfService || request.policy.selfService === true);
}
