import type { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import { problemBody } from "../../lib/flow/problem-body.ts";
import { problems } from "../../lib/flow/problems.ts";
import { type ClientStep, carriesSecret, clientSteps, largestBody, usualBody } from "../../lib/flow/steps.ts";
import { exposedHeaders } from "../../lib/http/exposed-headers.ts";
import type { Environment } from "../environment.ts";
import { type CrossOriginSettings, plainOrigin } from "./cross-origin.ts";

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;
type Firewall = NonNullable<Environment["firewall"]>;

/** What the rules are made for. */
export interface FirewallRulesProps extends CrossOriginSettings {
  readonly firewall: Firewall;
}

/** How long an address's requests are counted together: seconds. */
const window = 300;

const untouched = [{ priority: 0, type: "NONE" }];

const tooMany = problems["rate-limited"];

/**
 * What the rules answer in place of the gateway's 403. It is the same for every request, so it has
 * no id of one.
 *
 * https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html
 */
export const firewallAnswers = {
  "rate-limited": {
    contentType: "APPLICATION_JSON",
    content: JSON.stringify(problemBody("rate-limited", tooMany)),
  },
} as const;

/** On the path of a step that reads more than others do. */
const onLargerPath = onPathOf(clientSteps.filter((step) => largestBody(step) > usualBody));

/**
 * The rules of AWS's groups that look into the body, by group.
 *
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
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

const onCredentialPath = onPathOf(clientSteps.filter(carriesSecret));

/**
 * The rules of the web ACL, in the order in which they judge.
 *
 * A good password may contain `../` or `<script`, so on the paths that take one AWS's rules about bodies only
 * count. They count everywhere, and leave a label; the rule after them blocks what bears one on any other
 * path. So each group runs once, which keeps the web ACL within the capacity that has no surcharge.
 */
export function firewallRules({ firewall, ...settings }: FirewallRulesProps): Rule[] {
  const slower = slowDown(settings);
  const rules = [
    blocking("requests-per-address", perAddress(firewall.requestsPerAddress), slower),
    blocking("credentials-per-address", perAddress(firewall.credentialsPerAddress, onCredentialPath), slower),
    blocking("body-size", {
      orStatement: {
        statements: [
          bodyAbove(Math.max(...clientSteps.map(largestBody))),
          {
            andStatement: {
              statements: [bodyAbove(usualBody), { notStatement: { statement: onLargerPath } }],
            },
          },
        ],
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
    ...(firewall.accountTakeoverPrevention ? [accountTakeover] : []),
  ];
  return rules.map((rule, priority) => ({ ...rule, priority }));
}

type UnrankedRule = Omit<Rule, "priority">;

function blocking(
  name: string,
  statement: Statement,
  block: CfnWebACL.BlockActionProperty = {},
): UnrankedRule {
  return { name, statement, action: { block }, visibilityConfig: visibility(name) };
}

/** A body of more bytes; of one that is too large to be looked into, more is taken to be there. */
function bodyAbove(size: number): Statement {
  return {
    sizeConstraintStatement: {
      fieldToMatch: { body: { oversizeHandling: "MATCH" } },
      comparisonOperator: "GT",
      size,
      textTransformations: untouched,
    },
  };
}

/** Pages of the first origin can read it, as they can what the gateway answers by itself. */
function slowDown({
  allowedOrigins: [firstOrigin],
  cookieDelivery,
}: CrossOriginSettings): CfnWebACL.BlockActionProperty {
  const headers = {
    "Retry-After": String(window),
    "Cache-Control": "no-store",
    ...(firstOrigin === undefined
      ? {}
      : {
          Vary: "Origin",
          "Access-Control-Allow-Origin": plainOrigin(firstOrigin),
          "Access-Control-Expose-Headers": exposedHeaders,
          ...(cookieDelivery ? { "Access-Control-Allow-Credentials": "true" } : {}),
        }),
  };
  const key: keyof typeof firewallAnswers = "rate-limited";
  return {
    customResponse: {
      responseCode: tooMany.status,
      customResponseBodyKey: key,
      responseHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })),
    },
  };
}

function visibility(metricName: string): Rule["visibilityConfig"] {
  return { sampledRequestsEnabled: false, cloudWatchMetricsEnabled: true, metricName };
}

function perAddress(limit: number, scopeDownStatement?: Statement): Statement {
  return {
    rateBasedStatement: {
      limit,
      evaluationWindowSec: window,
      aggregateKeyType: "IP",
      ...(scopeDownStatement === undefined ? {} : { scopeDownStatement }),
    },
  };
}

function onPathOf(steps: readonly ClientStep[]): Statement {
  const [first, ...others] = steps.map((step) => pathHas(`/${step}`));
  if (first === undefined) throw new Error("A rule about no step's path would be about none.");
  // WAF takes no disjunction of one.
  return others.length === 0 ? first : { orStatement: { statements: [first, ...others] } };
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

function managed(name: string, counted: readonly string[]): UnrankedRule {
  const ruleActionOverrides = counted.map((rule) => ({ name: rule, actionToUse: { count: {} } }));
  return ruleGroup({ name, ruleActionOverrides });
}

/** A pattern of a word, whichever of its letters are in percent encoding (RFC 3986 §2.1). */
function encodedOrNot(word: string): string {
  return [...word].map((letter) => `(${letter}|%${hexOf(letter)})`).join("");
}

/** The hexadecimal digits of a letter, in either case. */
function hexOf(letter: string): string {
  return letter
    .charCodeAt(0)
    .toString(16)
    .replace(/[a-f]/, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-atp.html */
const accountTakeover = ruleGroup({
  name: "AWSManagedRulesATPRuleSet",
  scopeDownStatement: pathHas("/password"),
  managedRuleGroupConfigs: [
    {
      awsManagedRulesAtpRuleSet: {
        // A stage or a base path may come first. Whatever stands for the id: an id in capitals, or with signs
        // in percent encoding, is the same flow, and must not walk past these rules. Nor must the step's own
        // name, with such signs or with a slash at its end.
        loginPath: `^(/[A-Za-z0-9_-]+)?/${encodedOrNot("flows")}/[^/]+/${encodedOrNot("password")}/*$`,
        enableRegexInPath: true,
        requestInspection: {
          payloadType: "JSON",
          usernameField: { identifier: "/username" },
          passwordField: { identifier: "/password" },
        },
      },
    },
  ],
});

/** A rule group of AWS's own, under its own name. */
function ruleGroup(group: Omit<CfnWebACL.ManagedRuleGroupStatementProperty, "vendorName">): UnrankedRule {
  return {
    name: group.name,
    overrideAction: { none: {} },
    visibilityConfig: visibility(group.name),
    statement: { managedRuleGroupStatement: { vendorName: "AWS", ...group } },
  };
}
