import { step } from "../lib/flow/step.ts";
import { flowEndpoint, lambda } from "../lib/http/endpoint.ts";
import { PasswordBody } from "../lib/http/schemas.ts";
import { live } from "../lib/live.ts";

/** `POST /flows/{flowId}/password`: checks a user name and password. */
export const password = flowEndpoint({
  name: "password",
  body: PasswordBody,
  run: (flows, { body, ...call }) => step(flows, { ...call, command: { step: "password", ...body } }),
});

export const handler = lambda(password, live);
