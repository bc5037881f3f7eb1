import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { Stage } from "aws-cdk-lib/aws-apigateway";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";
import type { Environment } from "../environment.ts";
import type { CrossOriginSettings } from "./cross-origin.ts";
import { firewallAnswers, firewallRules } from "./web-acl-rules.ts";

/** What the web ACL guards. */
export interface WebAclProps extends CrossOriginSettings {
  readonly stage: Stage;
  readonly firewall: NonNullable<Environment["firewall"]>;
  readonly logRetention: RetentionDays;
  readonly environmentName: string;
}

/** Headers that bring a flow token, or what one is made of. */
const secretHeaders = ["authorization", "cookie", "idempotency-key"];

/**
 * Parts of a request that the firewall never records, in its log or as what a rule matched. The API takes no
 * query string; whoever sends a password in one all the same shall not find it in a log.
 */
const secrets = [
  { fieldType: "BODY" },
  { fieldType: "QUERY_STRING" },
  { fieldType: "SINGLE_HEADER", fieldKeys: secretHeaders },
  { fieldType: "SINGLE_COOKIE" },
].map((field) => ({ action: "SUBSTITUTION", field }));

/**
 * The firewall in front of the API. House defaults: it samples no requests, since a sample shows their
 * headers; its log has only what was blocked or counted, without `Authorization`, `Cookie`,
 * `Idempotency-Key`, the query string or any part of the body that a rule matched.
 *
 * https://docs.aws.amazon.com/waf/latest/developerguide/logging.html
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, "Acl", {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: {
        sampledRequestsEnabled: false,
        cloudWatchMetricsEnabled: true,
        metricName: `sign-on-${props.environmentName}`,
      },
      dataProtectionConfig: { dataProtections: secrets },
      customResponseBodies: firewallAnswers,
      rules: firewallRules(props),
    });
    const association = new CfnWebACLAssociation(this, "Stage", {
      resourceArn: props.stage.stageArn,
      webAclArn: acl.attrArn,
    });
    association.node.addDependency(acl);
    this.#log(acl, props);
  }

  #log(acl: CfnWebACL, { environmentName, logRetention }: WebAclProps): void {
    const log = new LogGroup(this, "Log", {
      // WAF writes to no group whose name begins otherwise.
      logGroupName: `aws-waf-logs-sign-on-${environmentName}`,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logGroupArn = Stack.of(this).formatArn({
      service: "logs",
      resource: "log-group",
      resourceName: log.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    new CfnLoggingConfiguration(this, "Logging", {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [logGroupArn],
      redactedFields: [
        ...secretHeaders.map((name) => ({ singleHeader: { Name: name } })),
        { queryString: {} },
      ],
      loggingFilter: {
        DefaultBehavior: "DROP",
        Filters: [
          {
            Behavior: "KEEP",
            Requirement: "MEETS_ANY",
            Conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((Action) => ({
              ActionCondition: { Action },
            })),
          },
        ],
      },
    });
  }
}
