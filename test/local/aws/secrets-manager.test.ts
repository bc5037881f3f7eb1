import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standInAws } from "../../support/stand-in.ts";
import { type SecretsManager, startSecretsManager } from "./secrets-manager.ts";

let secrets: SecretsManager;
let client: SecretsManagerClient;
beforeAll(async () => {
  secrets = await startSecretsManager();
  client = new SecretsManagerClient({ ...standInAws, endpoint: secrets.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await secrets.stop();
});

describe("the stand-in for Secrets Manager", () => {
  it("gives the newest value by name and by ARN", async () => {
    secrets.put("folder/one", "old");
    secrets.put("folder/one", "new");
    const byName = await client.send(new GetSecretValueCommand({ SecretId: "folder/one" }));
    const byArn = await client.send(new GetSecretValueCommand({ SecretId: byName.ARN }));
    expect(byName).toMatchObject({ Name: "folder/one", SecretString: "new", VersionStages: ["AWSCURRENT"] });
    expect(byArn.SecretString).toBe("new");
  });

  it("knows no other secret, and no other version", async () => {
    secrets.put("folder/two", "value");
    for (const asked of [
      { SecretId: "folder/three" },
      { SecretId: "folder" },
      { SecretId: "folder/two", VersionId: crypto.randomUUID() },
    ]) {
      const getting = client.send(new GetSecretValueCommand(asked));
      await expect(getting).rejects.toThrow(ResourceNotFoundException);
    }
  });
});
