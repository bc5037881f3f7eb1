// Every place in the sources that the documents repeat: what moves there is followed here, and nowhere else.

import { routes } from "../../infra/routes.ts";
import { errorNames, retryable as retryableErrors, settledErrors } from "../../infra/workflow/errors.ts";
import { Variables } from "../../lib/config.ts";
import { problems } from "../../lib/flow/errors.ts";
import {
  DeviceBody,
  HttpStartBody,
  LookupBody,
  NoBody,
  OtpBody,
  PasswordBody,
  StartBody,
} from "../../lib/http/schemas.ts";
import { takesCredentials } from "../../lib/workflow/credentials.ts";
import { HeldFlow, HolderMembers, SecretName, WatchedFlow } from "../../lib/workflow/payload.ts";
import { secretNameOf } from "../../lib/workflow/secret-names.ts";

export {
  errorNames,
  problems,
  retryableErrors,
  routes,
  secretNameOf,
  settledErrors,
  takesCredentials,
  Variables,
};

/** The schemas of what a workflow's call carries beside the body of the function. */
export const workflowParts = { HeldFlow, HolderMembers, SecretName, StartBody, WatchedFlow };

/** The schema of each function's body over HTTP. */
export const bodies = {
  start: HttpStartBody,
  status: NoBody,
  cancel: NoBody,
  lookup: LookupBody,
  password: PasswordBody,
  otp: OtpBody,
  device: DeviceBody,
  resume: NoBody,
};

/** Files that are read and not run, since they would load the whole of CDK. */
export const read = {
  /** Calls `#add(name, …, line)`. */
  alarms: "infra/alarms.ts",
  /** Has the members that an execution's input must have, as the list `required`. */
  requiredInput: "infra/workflow/sign-on-request.ts",
  /** Has those that it may have, as the list `members`. */
  input: "infra/workflow/sign-on-workflow.ts",
};
