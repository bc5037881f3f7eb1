import { describe, expect, it } from "vitest";
import { configurationFaults, loadConfig } from "../lib/config.ts";
import { standInHashKey, standInSigningKey } from "./support/stand-in.ts";

const application = {
  clientId: "abc",
  redirectUri: "com.example.app:/cb",
  scopes: ["openid"],
  policies: ["MFA"],
};

/** The variables of functions with one application that says so much more. */
function variables(more: object, SIGNING_KEY_ARN: string = standInSigningKey) {
  return {
    ENVIRONMENT: "dev",
    TABLE_NAME: "flows",
    PINGONE_BASE_URL: "https://auth.pingone.eu/11111111-2222-4333-8444-555555555555",
    APPLICATIONS: JSON.stringify({ kiosk: { ...application, ...more } }),
    HASH_KEY_ARN: standInHashKey,
    SIGNING_KEY_ARN,
  };
}

function faults(environment: Readonly<Record<string, string>>): string[] {
  return configurationFaults(environment).map(({ variable, member, isMissing }) =>
    [isMissing ? "missing" : "wrong", variable, member].join(" ").trim(),
  );
}

describe("an application that signs by a key of KMS", () => {
  const signing = { signedRequest: "kms" };

  it("needs no client secret", () => {
    const config = loadConfig(variables(signing));
    expect(config).toMatchObject({
      signingKeyArn: standInSigningKey,
      flows: { applications: { kiosk: signing } },
    });
  });

  it("needs the key", () => {
    expect(faults(variables(signing, ""))).toEqual(["missing SIGNING_KEY_ARN"]);
    expect(faults(variables(signing, "alias/x"))).toEqual(["wrong SIGNING_KEY_ARN"]);
  });

  it("needs a secret for what the key doesn't sign", () => {
    const both = { ...signing, stepUp: ["MFA"] };
    expect(faults(variables(both))).toEqual(["wrong APPLICATIONS kiosk.stepUp"]);
    expect(faults(variables({ ...both, clientAuthentication: "basic" }))).toEqual([]);
  });
});

it("signs by a secret or a key, and by nothing else", () => {
  expect(faults(variables({ signedRequest: "none" }))).toEqual(["wrong APPLICATIONS kiosk.signedRequest"]);
  expect(faults(variables({ signedRequest: "client-secret" }))).toEqual([
    "wrong APPLICATIONS kiosk.signedRequest",
  ]);
});

it("has a key to sign by only where one is named", () => {
  expect(loadConfig(variables({}, ""))).not.toHaveProperty("signingKeyArn");
});
