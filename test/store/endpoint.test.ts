import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { RegionInfo } from "aws-cdk-lib/region-info";
import { describe, expect, it } from "vitest";
import { clientSettings } from "../../lib/aws/client-settings.ts";
import { createDynamoClient } from "../../lib/store/client.ts";

const budgets = { storeTryMs: 500 };
const sdk = { region: "us-east-1" };

/** Each client as the functions make it, and as the SDK makes it with its own rules for endpoints. */
const clients = [
  ["dynamodb", createDynamoClient({ ...budgets, storeTries: 3 }), new DynamoDBClient(sdk)],
  ["kms", new KMSClient(clientSettings("kms", budgets)), new KMSClient(sdk)],
  [
    "secretsmanager",
    new SecretsManagerClient(clientSettings("secretsmanager", budgets)),
    new SecretsManagerClient(sdk),
  ],
  ["states", new SFNClient(clientSettings("states", budgets)), new SFNClient(sdk)],
] as const;

const regions = RegionInfo.regions.map(({ name }) => name);

describe.each(clients)("the endpoint of %s", (service, { config }, { config: byRules }) => {
  it("is the SDK's own in each region that CDK knows", () => {
    const asked = regions.map((Region) => ({ Region, UseDualStack: false, UseFIPS: false }));
    expect(asked.map((one) => config.endpointProvider(one).url.host)).toEqual(
      asked.map((one) => byRules.endpointProvider(one).url.host),
    );
  });

  it("is where the SDK is told", () => {
    const told = { Region: "eu-central-1", Endpoint: "http://127.0.0.1:4566" };
    expect(config.endpointProvider(told).url.host).toBe("127.0.0.1:4566");
    expect(config.endpointProvider({ Region: "eu-central-1" }).url.href).toBe(
      `https://${service}.eu-central-1.amazonaws.com/`,
    );
  });
});

it("is compared in every partition that AWS has", () => {
  const partitions = new Set(regions.map((name) => RegionInfo.get(name).partition));
  expect(partitions).toEqual(
    new Set(["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"]),
  );
});
