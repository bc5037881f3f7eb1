import { paginateListKeys } from "@aws-sdk/client-kms";
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import type { Environment } from "../../environment.ts";
import { type Check, type Checked, unlessMissing } from "./check.ts";

const quota = { ServiceCode: "kms", QuotaCode: "L-C2F1777E" } as const;

/** Whether KMS has room for the keys. */
export const keysCheck: Check = {
  about: "the number of KMS keys",
  run: async (checked) => {
    const allowed = await allowedKeys(checked);
    const wanted = keysOf(checked.environment);
    const there = await keysThere(checked);
    if (there + wanted <= allowed) return [];
    const what = `KMS allows ${allowed} keys in this region, ${there} are there, and the deployment makes ${wanted}.`;
    const mend = "delete keys that nobody uses, or ask for more at Service Quotas (kms, L-C2F1777E)";
    return [{ kind: "kms-keys", what, mend }];
  },
};

/** Where nobody has ever asked for more, Service Quotas knows the default alone. */
async function allowedKeys({ clients: { quotas } }: Checked): Promise<number> {
  const applied = await unlessMissing(
    quotas.send(new GetServiceQuotaCommand(quota)),
    "NoSuchResourceException",
  );
  const known = applied ?? (await quotas.send(new GetAWSDefaultServiceQuotaCommand(quota)));
  return known.Quota?.Value ?? Number.POSITIVE_INFINITY;
}

/** AWS's own keys are among them, and don't count: a few more than there are. */
async function keysThere({ clients: { kms } }: Checked): Promise<number> {
  let keys = 0;
  for await (const { Keys = [] } of paginateListKeys({ client: kms, pageSize: 1000 }, {}))
    keys += Keys.length;
  return keys;
}

/** Those of the table and of hashes, and where they are on, of workflows and alarms, and those that sign. */
function keysOf({ workflows, alarms, signingKeys = [] }: Environment): number {
  return 2 + (workflows === undefined ? 0 : 1) + (alarms === undefined ? 0 : 1) + signingKeys.length;
}
