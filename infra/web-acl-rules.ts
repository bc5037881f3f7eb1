import type { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import type { Environment } from "./environment.ts";

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;
type Firewall = NonNullable<Environment["firewall"]>;

/** The largest body that the functions read: bytes. */
const largestBody = 8 * 1024;

/** The rules of AWS's groups that look into the body, by group. https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html */
const bodyRules = {
  AWSManagedRulesCommonRuleSet: [
    "CrossSiteScripting_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "SizeRestrictions_BODY",
  ],
  AWSManagedRulesKnownBadInputsRuleSet: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
} as const;

/** What those rules leave on a request that they only counted. */
const labels = ["awswaf:managed:aws:core-rule-set:", "awswaf:managed:aws:known-bad-inputs:"];

const onCredentialPath: Statement = {
  orStatement: { statements: [pathHas("/password"), pathHas("/otp")] },
};

/**
 * The rules of the web ACL, in the order in which they judge.
 *
 * A good password may contain `../` or `<script`, so on the paths that take one AWS's rules about bodies only count.
 * They count everywhere, and leave a label; the rule after them blocks what bears one on any other path. So each
 * group runs once, which keeps the web ACL within the capacity that has no surcharge.
 */
export function firewallRules(firewall: Firewall, stageName: string): Rule[] {
  const rules = [
    blocking("requests-per-address", perAddress(firewall.requestsPerAddress)),
    blocking("credentials-per-address", perAddress(firewall.credentialsPerAddress, onCredentialPath)),
    blocking("body-size", {
      sizeConstraintStatement: {
        fieldToMatch: { body: { oversizeHandling: "MATCH" } },
        comparisonOperator: "GT",
        size: largestBody,
        textTransformations: untouched,
      },
    }),
    managed("AWSManagedRulesCommonRuleSet", bodyRules.AWSManagedRulesCommonRuleSet),
    managed("AWSManagedRulesKnownBadInputsRuleSet", bodyRules.AWSManagedRulesKnownBadInputsRuleSet),
    blocking("bodies-without-credentials", {
      andStatement: {
        statements: [
          { orStatement: { statements: labels.map(labelled) } },
          { notStatement: { statement: onCredentialPath } },
        ],
      },
    }),
    ...(firewall.accountTakeoverPrevention ? [accountTakeover(stageName)] : []),
  ];
  return rules.map((rule, priority) => ({ ...rule, priority }));
}

type Unranked = Omit<Rule, "priority">;

const untouched = [{ priority: 0, type: "NONE" }];

function blocking(name: string, statement: Statement): Unranked {
  return { name, statement, action: { block: {} }, visibilityConfig: visibility(name) };
}

function visibility(metricName: string): Rule["visibilityConfig"] {
  return { sampledRequestsEnabled: false, cloudWatchMetricsEnabled: true, metricName };
}

function perAddress(limit: number, scopeDownStatement?: Statement): Statement {
  const window = { evaluationWindowSec: 300, aggregateKeyType: "IP" };
  return {
    rateBasedStatement: {
      limit,
      ...window,
      ...(scopeDownStatement === undefined ? {} : { scopeDownStatement }),
    },
  };
}

function pathHas(searchString: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: "CONTAINS",
      searchString,
      textTransformations: [{ priority: 0, type: "URL_DECODE" }],
    },
  };
}

function labelled(key: string): Statement {
  return { labelMatchStatement: { scope: "NAMESPACE", key } };
}

function managed(name: string, counted: readonly string[]): Unranked {
  return {
    name,
    overrideAction: { none: {} },
    visibilityConfig: visibility(name),
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
  };
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-atp.html */
function accountTakeover(stageName: string): Unranked {
  const name = "AWSManagedRulesATPRuleSet";
  return {
    name,
    overrideAction: { none: {} },
    visibilityConfig: visibility(name),
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        scopeDownStatement: pathHas("/password"),
        managedRuleGroupConfigs: [
          {
            awsManagedRulesAtpRuleSet: {
              loginPath: `^(/${stageName})?/flows/[0-9a-f-]{36}/password$`,
              enableRegexInPath: true,
              requestInspection: {
                payloadType: "JSON",
                usernameField: { identifier: "/username" },
                passwordField: { identifier: "/password" },
              },
            },
          },
        ],
      },
    },
  };
}
