import { passwordRecover as definition } from "../lib/flow/steps/password-recover.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { PasswordRecoverBody } from "../lib/operation/bodies/password-recover.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/password-recover`: replaces a forgotten password. */
export const operation = stepOperation(definition, PasswordRecoverBody);

export const handler = lambda(operation, live);
