import { type App, type Stack, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import { SignOnApi } from "./api/sign-on-api.ts";
import { AuthFunction } from "./auth-function.ts";
import { ClientSecrets } from "./client-secrets.ts";
import type { Environment } from "./environment.ts";
import { FlowTable } from "./flow-table.ts";
import { Releases } from "./releases.ts";
import { Machine } from "./workflow/machine.ts";

/** A finding of cdk-nag that stays, where, and why. */
export interface Suppression {
  /** The rule, and the finding where a rule names one. */
  readonly id: string;
  readonly reason: string;
  readonly of: (construct: IConstruct, environment: Environment) => boolean;
}

/** Every finding that stays. */
export const suppressions: readonly Suppression[] = [
  {
    id: "AwsSolutions-IAM5[Resource::*]",
    of: (construct) =>
      construct instanceof AuthFunction || construct instanceof Releases || construct instanceof Machine,
    reason:
      "X-Ray's writes, the network interfaces that Lambda makes in a network of ours, the delivery of a state " +
      "machine's log, and CodeDeploy's reading of alarms: AWS defines no resource for these actions, or it has no " +
      "name yet. A test lists every one.",
  },
  {
    id: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
    of: (construct) => construct instanceof SignOnApi,
    reason:
      "API Gateway takes one role per account and region for its logs, and checks that it has what this policy " +
      "grants. No code of ours can assume it.",
  },
  {
    id: "AwsSolutions-APIG4",
    of: (construct) => construct instanceof SignOnApi,
    reason:
      "Nobody is signed on yet: this API is how one signs on. The right to act on a flow is its flow token, which " +
      "the conditional write that claims the flow judges.",
  },
  {
    id: "AwsSolutions-APIG6",
    of: (construct) => construct instanceof SignOnApi,
    reason:
      "The access log and the functions' own lines say what happened to each request. The execution log adds " +
      "nothing to them, and with it on, one more switch (data tracing) writes whole bodies, and so passwords, to a log.",
  },
  {
    id: "AwsSolutions-APIG2",
    of: (construct) => construct instanceof SignOnApi,
    reason:
      "The functions validate every body, header and id against strict schemas, before anything else. The gateway " +
      "could refuse the same requests, but can't say which member is wrong or why.",
  },
  {
    id: "AwsSolutions-COG4",
    of: (construct) => construct instanceof SignOnApi,
    reason: "People sign on with PingOne; there is no Cognito user pool to ask.",
  },
  {
    id: "AwsSolutions-SMG4",
    of: (construct) => construct instanceof ClientSecrets,
    reason:
      "Only PingOne can replace a client secret, and it tells the new one to an administrator. No schedule of ours " +
      "could rotate it.",
  },
  {
    id: "AwsSolutions-DDB3",
    of: (construct) => construct instanceof FlowTable,
    reason:
      "A row lives minutes and is worth nothing afterwards. A backup would keep sealed secrets for longer than the " +
      "sign-on that they belong to.",
  },
  {
    id: "AwsSolutions-APIG3",
    of: (construct, { firewall, production }) =>
      construct instanceof SignOnApi && firewall === undefined && !production,
    reason:
      "This environment switches the web ACL off to be cheap; the gateway throttles every method. It is not production.",
  },
];

/** Has AWS's own checks read the stack; a finding that nobody answers for stops the synthesis. */
export function checkAsSolution(app: App, stack: Stack, environment: Environment): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const construct of stack.node.findAll()) {
    for (const { id, reason } of suppressions.filter((entry) => entry.of(construct, environment))) {
      Validations.of(construct).acknowledge({ id: `AwsSolutions::${id}`, reason });
    }
  }
}
