import { clientSteps } from "../../lib/flow/steps.ts";
import type { OperationName } from "../../lib/operation/names.ts";

/** One method on one path of the API, and the function behind it. */
export interface Route {
  readonly method: "DELETE" | "GET" | "POST";
  /** API Gateway's spelling: a parameter stands in braces. */
  readonly path: string;
  /** The file under `functions/`, without its extension. */
  readonly function: OperationName;
}

/** The API, route by route: what is deployed and what runs locally. */
export const routes: readonly Route[] = [
  { method: "POST", path: "/flows", function: "start" },
  { method: "GET", path: "/flows/{flowId}", function: "status" },
  { method: "DELETE", path: "/flows/{flowId}", function: "cancel" },
  { method: "POST", path: "/tokens", function: "refresh" },
  ...clientSteps.map((step): Route => ({ method: "POST", path: `/flows/{flowId}/${step}`, function: step })),
];
