import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { dev } from "../../infra/environments/dev.ts";
import { signingFunctions } from "../../infra/permissions.ts";
import { refusal } from "./refusal.ts";
import {
  deployed,
  functionOfRole,
  propertiesOf,
  type Synthesis,
  statementsOf,
  synthesize,
  synthesizeAnew,
} from "./synthesis.ts";

const Variables = z.looseObject({
  Environment: z.object({ Variables: z.looseObject({ SIGNING_KEY_ARN: z.unknown() }) }),
});

/** What each function is told of the key that signs. */
function told(synthesis: Synthesis): unknown[] {
  return propertiesOf(synthesis, "AWS::Lambda::Function").map(
    (properties) => Variables.parse(properties).Environment.Variables.SIGNING_KEY_ARN,
  );
}

/** The logical ids and resources of the keys that sign. */
function keysOf({ resources }: Synthesis) {
  return [...resources].filter(([, { Properties }]) => Properties["KeySpec"] === "RSA_2048");
}

/** What the keys that sign for applications promise. */
export function signingKeyPromises(): void {
  describe.each(deployed)("the signing keys of %s", (name) => {
    it("are none, since no application asks for one", () => {
      expect(keysOf(synthesize(name))).toEqual([]);
      expect(new Set(told(synthesize(name)))).toEqual(new Set([""]));
    });
  });

  describe("an environment with signing keys", () => {
    it.each([
      [
        "an application that signs by a key that there isn't",
        { applications: { mobile: { ...dev.applications.mobile, signedRequest: "kms" } } },
        "signingKeys: An application signs by a key of KMS: at least one is needed.",
      ],
      [
        "two keys of one name",
        { signingKeys: ["2026", "2026"] },
        "signingKeys: Each key has a name of its own.",
      ],
    ])("is refused for %s", (_, settings, sentence) => {
      expect(refusal({ ...dev, ...settings })).toBe(sentence);
    });
  });

  describe("the signing keys of an environment that lists two", () => {
    let synthesis: Synthesis;
    beforeAll(() => {
      const mobile = { ...dev.applications.mobile, signedRequest: "kms" };
      const settings = { ...dev, applications: { mobile }, signingKeys: ["2027", "2026"] };
      synthesis = synthesizeAnew(checkEnvironment({ ...settings, deletionProtection: true }));
    });
    const ids = () => keysOf(synthesis).map(([id]) => id);

    it("sign and verify by RSA, and outlive the stack where it is protected", () => {
      expect(keysOf(synthesis).map(([, resource]) => resource)).toMatchObject(
        ["2027", "2026"].map((label) => ({
          DeletionPolicy: "RetainExceptOnCreate",
          UpdateReplacePolicy: "Retain",
          Properties: {
            Description: `Signs what applications tell PingOne: ${label}`,
            KeyUsage: "SIGN_VERIFY",
            PendingWindowInDays: 30,
          },
        })),
      );
      expect(synthesis.findings).toEqual([]);
    });

    it("are found by the names that the settings give them", () => {
      expect(propertiesOf(synthesis, "AWS::KMS::Alias")).toEqual(
        ["2027", "2026"].map((label, index) => ({
          AliasName: `alias/sign-on/dev/signing/${label}`,
          TargetKeyId: { "Fn::GetAtt": [ids()[index], "Arn"] },
        })),
      );
      const arns = ids().map((id) => ({ "Fn::GetAtt": [id, "Arn"] }));
      const [first, second] = arns;
      synthesis.template.hasOutput("SigningKeyArns", { Value: { "Fn::Join": ["", [first, ",", second]] } });
      expect(new Set(told(synthesis).map((value) => JSON.stringify(value)))).toEqual(
        new Set([JSON.stringify(first)]),
      );
    });

    it("sign for the functions that begin flows, by one algorithm, and for nobody else", () => {
      const using = statementsOf(synthesis).filter(
        ({ Effect, Action }) => Effect === "Allow" && Action.some((action) => /:(Sign|\*)$/.test(action)),
      );
      expect(
        using.map(({ owner, ownerType, Action, Condition }) => [owner, ownerType, Action, Condition]),
      ).toEqual(
        ids().map((id) => [
          ...[id, "AWS::KMS::Key", ["kms:Sign"]],
          { StringEquals: { "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256" } },
        ]),
      );
      const named = using.map((statement) =>
        [...JSON.stringify(statement).matchAll(/Function\w+Role\w+/g)].map(([id]) => functionOfRole(id)),
      );
      expect(named).toEqual([signingFunctions, signingFunctions]);
    });

    it("are read and named by administrators, who can't sign", () => {
      const policy = statementsOf(synthesis).filter(({ owner }) => ids().includes(owner));
      const publishing = policy.filter(({ Action }) => Action.includes("kms:GetPublicKey"));
      expect(publishing.map(({ Sid, Action }) => [Sid, Action])).toEqual(
        ids().map(() => [
          "AdministratorsPublish",
          ["kms:CreateAlias", "kms:DeleteAlias", "kms:GetPublicKey", "kms:UpdateAlias"],
        ]),
      );
      expect(policy.map(({ Sid }) => Sid)).toEqual(
        ids().flatMap(() => [
          ...["AdministratorsManage", "OnlyServicesGrant"],
          ...["AdministratorsPublish", "FunctionsSignRequests"],
        ]),
      );
    });
  });
}
