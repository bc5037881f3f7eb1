import { resume as definition } from "../lib/flow/steps/resume.ts";
import { lambda } from "../lib/lambda.ts";
import { live } from "../lib/live.ts";
import { NoBody } from "../lib/operation/bodies/none.ts";
import { stepOperation } from "../lib/operation/operation.ts";

/** `POST /flows/{flowId}/resume`: ends a completed flow and fetches its authorization code. */
export const resume = stepOperation(definition, NoBody);

export const handler = lambda(resume, live);
