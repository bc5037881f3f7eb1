import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Environment } from "../../environment.ts";
import { type Examination, type Finding, settingAt } from "../finding.ts";
import { placeholdersIn } from "../placeholders.ts";
import { bootstrapCheck } from "./bootstrap.ts";
import { certificateCheck } from "./certificate.ts";
import { type Check, type Checked, errorNameOf } from "./check.ts";
import { type AwsSettings, type Clients, clientsIn } from "./clients.ts";
import { hostedNameCheck, logRoleCheck } from "./gateway.ts";
import { keysCheck } from "./keys.ts";
import { lambdaCheck } from "./lambda.ts";
import { mailCheck } from "./mail.ts";

const checks: readonly Check[] = [
  bootstrapCheck,
  lambdaCheck,
  keysCheck,
  certificateCheck,
  hostedNameCheck,
  logRoleCheck,
  mailCheck,
];

/** Asks an account what would make a deployment of an environment fail. It reads, and changes nothing. */
export async function examineAccount(environment: Environment, settings: AwsSettings): Promise<Examination> {
  const clients = clientsIn(environment.region, settings);
  const made = placeholdersIn(environment, []);
  const caller = await callerOf(clients);
  if (typeof caller !== "string") {
    return { looked: `AWS in ${environment.region}.`, findings: [...made, caller], toLookAt: [] };
  }
  const looked = `Account ${caller} in ${environment.region}.`;
  const { account } = environment;
  if (account !== undefined && account !== caller) {
    const what = `The credentials are of the account ${caller}, and the environment belongs to ${account}.`;
    const mend = `the profile (AWS_PROFILE), or ${settingAt(environment, "account")}`;
    return { looked, findings: [...made, { kind: "account", what, mend }], toLookAt: [] };
  }
  const findings: Finding[] = [...made];
  for (const check of checks) {
    // A made-up certificate or name is nobody's.
    if (made.length > 0 && ofDomain.includes(check)) continue;
    findings.push(...(await runCheck(check, { environment, clients, account: caller })));
  }
  return { looked, findings, toLookAt: toLookAt(environment) };
}

const ofDomain: readonly Check[] = [certificateCheck, hostedNameCheck];

async function callerOf({ sts }: Clients): Promise<string | Finding> {
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "";
  } catch (error) {
    const what = `AWS doesn't know who is asking: ${errorNameOf(error)}.`;
    return { kind: "credentials", what, mend: "sign in to AWS again (aws sso login), or set AWS_PROFILE" };
  }
}

async function runCheck({ about, run }: Check, checked: Checked): Promise<readonly Finding[]> {
  try {
    return await run(checked);
  } catch (error) {
    const what = `The account couldn't be asked about ${about}: ${errorNameOf(error)}.`;
    return [{ kind: "not-asked", what, mend: "the rights of whoever asks, or look there yourself" }];
  }
}

function toLookAt({ domain, egress, alarms, workflows }: Environment): string[] {
  return [
    ...(egress === "static"
      ? [
          "Addresses and networks: two elastic addresses (ec2, L-0263D0A3), two NAT gateways and a VPC (vpc, L-F678F1CE) more must be allowed.",
        ]
      : []),
    ...(domain === undefined
      ? []
      : ["DNS: the record of the domain, which leads to the DomainTarget output once that is there."]),
    ...(alarms === undefined ? [] : ["Mail: after the first deployment, the link in the mail from AWS."]),
    ...(workflows === undefined
      ? []
      : ["Workflows: the two functions of yours exist, and the secrets with credentials have a value."]),
    "Service control policies of the organisation, which no call shows.",
  ];
}
