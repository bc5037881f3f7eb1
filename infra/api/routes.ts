/** One method on one path of the API, and the function behind it. */
export interface Route {
  readonly method: "DELETE" | "GET" | "POST";
  /** API Gateway's spelling: a parameter stands in braces. */
  readonly path: string;
  /** The file under `functions/`, without its extension. */
  readonly function: FunctionName;
}

/** The files under `functions/`. */
export const functionNames = [
  "start",
  "status",
  "cancel",
  "lookup",
  "password",
  "otp",
  "device",
  "resume",
] as const;

/** Every function there is. */
export type FunctionName = (typeof functionNames)[number];

/** The API, route by route: what is deployed and what runs locally. */
export const routes: readonly Route[] = [
  { method: "POST", path: "/flows", function: "start" },
  { method: "GET", path: "/flows/{flowId}", function: "status" },
  { method: "DELETE", path: "/flows/{flowId}", function: "cancel" },
  { method: "POST", path: "/flows/{flowId}/lookup", function: "lookup" },
  { method: "POST", path: "/flows/{flowId}/password", function: "password" },
  { method: "POST", path: "/flows/{flowId}/otp", function: "otp" },
  { method: "POST", path: "/flows/{flowId}/device", function: "device" },
  { method: "POST", path: "/flows/{flowId}/resume", function: "resume" },
];
