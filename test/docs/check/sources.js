// Every place in the sources that the documents repeat: what moves there is followed here, and nowhere else.

import * as z from "zod/mini";
import { gatewayAnswers } from "../../../infra/api/gateway-answers.ts";
import { routes } from "../../../infra/api/routes.ts";
import { errorNames, retryable as retryableErrors, settledErrors } from "../../../infra/workflow/errors.ts";
import { Variables } from "../../../lib/config.ts";
import { internalProblem } from "../../../lib/flow/problem-body.ts";
import { problems } from "../../../lib/flow/problems.ts";
import { credentialMembers, isStep } from "../../../lib/flow/steps.ts";
import { TokenDelivery } from "../../../lib/http/schemas.ts";
import { StartBody } from "../../../lib/operation/bodies/start.ts";
import { isOpenToWorkflows, operationNames } from "../../../lib/operation/names.ts";
import { HeldFlowPayload, HolderPayload, SecretName, WatchPayload } from "../../../lib/workflow/payload.ts";
import { secretNameOf } from "../../../lib/workflow/secret-names.ts";
import { actions as simulatorActions } from "../../simulator/actions.ts";

export {
  errorNames,
  gatewayAnswers,
  internalProblem,
  problems,
  retryableErrors,
  routes,
  secretNameOf,
  settledErrors,
  simulatorActions,
  Variables,
};

/** The schemas of what a workflow's call carries beside the body of the function. */
export const workflowParts = {
  HeldFlow: HeldFlowPayload,
  HolderMembers: HolderPayload,
  SecretName,
  StartBody,
  WatchedFlow: WatchPayload,
};

/**
 * The schema of each function's body over HTTP.
 *
 * @type {Record<string, import("./types.ts").ObjectSchema>}
 */
export const bodies = Object.fromEntries(
  await Promise.all(
    operationNames.map(async (name) => {
      const { operation } = await import(`../../../functions/${name}.ts`);
      return [
        name,
        name === "start" ? z.extend(StartBody, { tokenDelivery: z.optional(TokenDelivery) }) : operation.body,
      ];
    }),
  ),
);

/** Whether a workflow may call a function. @param {string} name */
export function mayBeCalled(name) {
  return operationNames.some((one) => one === name && isOpenToWorkflows(one));
}

/**
 * Whether a workflow may name a secret in a call of this function.
 *
 * @param {string} name
 */
export function takesCredentials(name) {
  return isStep(name) && credentialMembers(name).length > 0;
}

/** Files that are read and not run, since they would load the whole of CDK. */
export const read = {
  /** Calls `#add(name, …, line)`. */
  alarms: "infra/monitoring/alarms.ts",
  /** Has the members that an execution's input must have, as the list `required`. */
  requiredInput: "infra/workflow/sign-on-request.ts",
  /** Has those that it may have, as the list `members`. */
  input: "infra/workflow/sign-on-workflow.ts",
};
