import { passwordChange as definition } from "../lib/flow/steps/password-change.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { PasswordChangeBody } from "../lib/operation/bodies/password-change.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/password-change`: puts a new password in the place of an old one. */
export const operation = stepOperation(definition, PasswordChangeBody);

export const handler = lambda(operation, live);
