import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { environmentNamed } from "../../infra/environments.ts";
import { carriesSecret, clientSteps } from "../../lib/flow/steps.ts";
import { propertiesOf, synthesize } from "./synthesis.ts";

const Rule = z.looseObject({
  Name: z.string(),
  VisibilityConfig: z.looseObject({ SampledRequestsEnabled: z.boolean() }),
});

const Protected = z.strictObject({
  DataProtections: z.array(z.strictObject({ Action: z.string(), Field: z.unknown() })),
});

const secretPaths = clientSteps.filter(carriesSecret).map((step) => `/${step}`);

/** The paths that a rule looks for. */
function pathsIn(rule: unknown): string[] {
  return [...JSON.stringify(rule).matchAll(/"SearchString":"([^"]+)"/g)].map(([, path]) => path ?? "");
}

/** What the web ACL promises where there is one. */
export function webAclPromises(): void {
  describe.each(["staging", "prod"] as const)("the web ACL of %s", (name) => {
    let acl: Record<string, unknown>;
    let rules: z.output<typeof Rule>[];
    beforeAll(() => {
      acl = propertiesOf(synthesize(name), "AWS::WAFv2::WebACL")[0] ?? {};
      rules = z.array(Rule).parse(acl["Rules"]);
    });
    const named = (rule: string) => rules.find(({ Name }) => Name === rule);

    it("limits each address, and more so where a secret is sent", () => {
      const Limit = z.looseObject({
        Statement: z.looseObject({
          RateBasedStatement: z.looseObject({ Limit: z.number(), AggregateKeyType: z.literal("IP") }),
        }),
      });
      const [all, credentials] = ["requests-per-address", "credentials-per-address"].map((rule) =>
        Limit.parse(named(rule)),
      );
      const limits = [all, credentials].map((rule) => rule?.Statement.RateBasedStatement.Limit ?? 0);
      expect(limits[1]).toBeLessThan(limits[0] ?? 0);
      expect(pathsIn(credentials)).toEqual(secretPaths);
    });

    it("refuses bodies above 8 KB, and above 16 KB where a passkey's assertion is sent", () => {
      const above = (Size: number) => ({ SizeConstraintStatement: { ComparisonOperator: "GT", Size } });
      expect(named("body-size")).toMatchObject({
        Action: { Block: {} },
        Statement: {
          OrStatement: {
            Statements: [
              above(16_384),
              {
                AndStatement: {
                  Statements: [
                    above(8_192),
                    { NotStatement: { Statement: { ByteMatchStatement: { SearchString: "/assertion" } } } },
                  ],
                },
              },
            ],
          },
        },
      });
    });

    it("tells an address that asks too often to come back later, in our problem shape", () => {
      const { CustomResponseBodies } = z
        .looseObject({
          CustomResponseBodies: z.record(
            z.string(),
            z.strictObject({ ContentType: z.string(), Content: z.string() }),
          ),
        })
        .parse(acl);
      const [[key, answer] = []] = Object.entries(CustomResponseBodies);
      const { allowedOrigins, cookieDelivery } = environmentNamed(name);
      for (const rule of ["requests-per-address", "credentials-per-address"]) {
        expect(JSON.stringify(named(rule)).includes("Access-Control-Allow-Credentials")).toBe(cookieDelivery);
        expect(named(rule)).toMatchObject({
          Statement: { RateBasedStatement: { EvaluationWindowSec: 300 } },
          Action: {
            Block: {
              CustomResponse: {
                ResponseCode: 429,
                CustomResponseBodyKey: key,
                ResponseHeaders: expect.arrayContaining([
                  { Name: "Retry-After", Value: "300" },
                  { Name: "Access-Control-Allow-Origin", Value: allowedOrigins[0] },
                  { Name: "Access-Control-Expose-Headers", Value: "Date, Retry-After, X-Request-Id" },
                ]),
              },
            },
          },
        });
      }
      expect(answer?.ContentType).toBe("APPLICATION_JSON");
      expect(JSON.parse(answer?.Content ?? "")).toEqual({
        type: "urn:problem:sign-on:rate-limited",
        title: expect.any(String),
        detail: expect.stringContaining("Retry-After"),
        error: "rate-limited",
        flowEnded: false,
        retryable: true,
        attemptCounted: false,
      });
    });

    it.each([
      [
        "AWSManagedRulesCommonRuleSet",
        [
          "CrossSiteScripting_BODY",
          "EC2MetaDataSSRF_BODY",
          "GenericLFI_BODY",
          "GenericRFI_BODY",
          "SizeRestrictions_BODY",
        ],
      ],
      [
        "AWSManagedRulesKnownBadInputsRuleSet",
        ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
      ],
    ])(
      "lets %s only count what it finds in a body, and blocks that elsewhere than on credential paths",
      (group, bodyRules) => {
        const Overrides = z.array(
          z.looseObject({ Name: z.string(), ActionToUse: z.strictObject({ Count: z.object() }) }),
        );
        const Group = z.looseObject({
          Statement: z.looseObject({
            ManagedRuleGroupStatement: z.looseObject({ RuleActionOverrides: Overrides }),
          }),
        });
        const { RuleActionOverrides } = Group.parse(named(group)).Statement.ManagedRuleGroupStatement;
        expect(RuleActionOverrides.map(({ Name }) => Name).toSorted()).toEqual(bodyRules);
        const last = JSON.stringify(named("bodies-without-credentials"));
        expect(last).toMatch(/LabelMatchStatement.*NotStatement/);
        expect(pathsIn(named("bodies-without-credentials"))).toEqual(secretPaths);
        expect(rules.findIndex(({ Name }) => Name === group)).toBeLessThan(
          rules.findIndex(({ Name }) => Name === "bodies-without-credentials"),
        );
      },
    );

    it("samples nothing, and keeps neither tokens, cookies, query strings nor bodies", () => {
      expect(rules.filter((rule) => rule.VisibilityConfig.SampledRequestsEnabled)).toEqual([]);
      expect(acl).toMatchObject({ VisibilityConfig: { SampledRequestsEnabled: false } });
      synthesize(name).template.hasResourceProperties("AWS::WAFv2::LoggingConfiguration", {
        RedactedFields: [
          { SingleHeader: { Name: "authorization" } },
          { SingleHeader: { Name: "cookie" } },
          { SingleHeader: { Name: "idempotency-key" } },
          { QueryString: {} },
        ],
      });
      const { DataProtections } = Protected.parse(acl["DataProtectionConfig"]);
      expect(DataProtections.filter(({ Action }) => Action !== "SUBSTITUTION")).toEqual([]);
      expect(DataProtections.map(({ Field }) => Field)).toEqual([
        { FieldType: "BODY" },
        { FieldType: "QUERY_STRING" },
        { FieldType: "SINGLE_HEADER", FieldKeys: ["authorization", "cookie", "idempotency-key"] },
        { FieldType: "SINGLE_COOKIE" },
      ]);
    });

    it("stands in front of the stage, and leaves account-takeover prevention to those who ask", () => {
      synthesize(name).template.resourceCountIs("AWS::WAFv2::WebACLAssociation", 1);
      expect(named("AWSManagedRulesATPRuleSet")).toBeUndefined();
    });
  });
}
