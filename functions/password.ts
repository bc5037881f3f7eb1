import { password as definition } from "../lib/flow/steps/password.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { PasswordBody } from "../lib/operation/bodies/password.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/password`: checks a user name and password. */
export const password = stepOperation(definition, PasswordBody);

export const handler = lambda(password, live);
