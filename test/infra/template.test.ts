import { beforeAll } from "vitest";
import { apiPromises } from "./api-promises.ts";
import { checkPromises } from "./check-promises.ts";
import { cookiePromises } from "./cookie-promises.ts";
import { destroyPromises } from "./destroy-promises.ts";
import { hashKeyPromises } from "./hash-key-promises.ts";
import { operationsPromises, switchPromises } from "./operations-promises.ts";
import { permissionPromises } from "./permission-promises.ts";
import { retryPromises } from "./retry-promises.ts";
import { settingsPromises } from "./settings-promises.ts";
import { signingKeyPromises } from "./signing-key-promises.ts";
import { dataPromises, functionPromises } from "./stack-promises.ts";
import { deployed, synthesize } from "./synthesis.ts";
import { updatePromises } from "./update-promises.ts";
import { webAclPromises } from "./web-acl-promises.ts";
import { workflowKeyPromises } from "./workflow-key-promises.ts";
import { workflowPromises } from "./workflow-promises.ts";

// One file for all of them, because the templates are made once a file.
beforeAll(() => {
  for (const name of [...deployed, "emulator"] as const) synthesize(name);
});

apiPromises();
cookiePromises();
webAclPromises();
functionPromises();
dataPromises();
operationsPromises();
switchPromises();
settingsPromises();
permissionPromises();
retryPromises();
workflowPromises();
workflowKeyPromises();
hashKeyPromises();
signingKeyPromises();
destroyPromises();
updatePromises();
checkPromises();
