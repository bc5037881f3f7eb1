import { step } from "../lib/flow/step.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { PasswordBody } from "../lib/operation/bodies/password.ts";
import { flowOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/password`: checks a user name and password. */
export const password = flowOperation({
  name: "password",
  body: PasswordBody,
  run: (flows, body, request) => step(flows, { ...request, command: { step: "password", ...body } }),
});

export const handler = lambda(password, live);
