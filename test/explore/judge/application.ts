import type { Application } from "../../../lib/flow/application.ts";
import type { FlowSettings } from "../../../lib/flow/context.ts";
import type { FlowRow } from "../table/flow-row.ts";

/** The application of a row's flow; nothing where it is no longer configured. */
export function applicationIn({ jar }: FlowRow, { applications }: FlowSettings): Application | undefined {
  return jar && applications[jar.peek().application];
}
