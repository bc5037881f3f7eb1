import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { clientSettings } from "../../lib/aws/client-settings.ts";
import { createDynamoClient } from "../../lib/store/client.ts";

const budgets = { storeTryMs: 500 };
const clients = [
  ["dynamodb", createDynamoClient({ ...budgets, storeTries: 3 })],
  ["kms", new KMSClient(clientSettings("kms", budgets))],
  ["secretsmanager", new SecretsManagerClient(clientSettings("secretsmanager", budgets))],
  ["states", new SFNClient(clientSettings("states", budgets))],
] as const;

// AWS's own table of regional endpoints: https://docs.aws.amazon.com/general/latest/gr/rande.html
it.each(clients)(
  "%s is called at its region's public endpoint, or where the SDK is told",
  (service, { config }) => {
    const hostOf = (asked: { Region?: string; Endpoint?: string }) => config.endpointProvider(asked).url.host;
    expect(hostOf({ Region: "eu-central-1" })).toBe(`${service}.eu-central-1.amazonaws.com`);
    expect(hostOf({ Region: "us-gov-west-1" })).toBe(`${service}.us-gov-west-1.amazonaws.com`);
    expect(hostOf({ Region: "cn-north-1" })).toBe(`${service}.cn-north-1.amazonaws.com.cn`);
    expect(hostOf({ Region: "eu-central-1", Endpoint: "http://127.0.0.1:4566" })).toBe("127.0.0.1:4566");
  },
);
