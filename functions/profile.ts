import { profile as definition } from "../lib/flow/steps/profile.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { ProfileBody } from "../lib/operation/bodies/profile.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/profile`: gives the attributes that the flow asks for. */
export const operation = stepOperation(definition, ProfileBody);

export const handler = lambda(operation, live);
