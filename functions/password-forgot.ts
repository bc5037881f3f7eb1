import { passwordForgot as definition } from "../lib/flow/steps/password-forgot.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { PasswordForgotBody } from "../lib/operation/bodies/password-forgot.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/password-forgot`: has a code sent for a forgotten password. */
export const operation = stepOperation(definition, PasswordForgotBody);

export const handler = lambda(operation, live);
