import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { standInAws } from "../../support/stand-in.ts";
import { type SecretsManager, startSecretsManager } from "./secrets-manager.ts";

const SecretId = "one";
const heard: string[] = [];

let service: SecretsManager;
let client: SecretsManagerClient;
beforeAll(async () => {
  service = await startSecretsManager(({ operation }, moment) => heard.push(`${operation} ${moment}`));
  service.put(SecretId, "value");
  client = new SecretsManagerClient({ ...standInAws, endpoint: service.endpoint, maxAttempts: 1 });
});
afterEach(() => {
  service.clear();
  heard.splice(0);
});
afterAll(async () => {
  client.destroy();
  await service.stop();
});

const get = () => client.send(new GetSecretValueCommand({ SecretId }));

describe("a stand-in for an AWS service", () => {
  it("records each call with what was answered, and is heard", async () => {
    await get();
    await client.send(new GetSecretValueCommand({ SecretId: "unknown" })).catch(() => undefined);
    const [known, unknown] = service.calls.slice(-2);
    expect(known).toMatchObject({
      operation: "GetSecretValue",
      input: { SecretId },
      output: { Name: SecretId },
    });
    expect(unknown).toMatchObject({ input: { SecretId: "unknown" }, error: "ResourceNotFoundException" });
    expect(heard).toEqual(["GetSecretValue arrived", "GetSecretValue carried out", "GetSecretValue arrived"]);
  });

  it("refuses so many calls by name and status", async () => {
    service.plan({ kind: "refused", name: "InternalServiceError", status: 500 }, 2);
    for (const _ of [1, 2]) {
      await expect(get()).rejects.toMatchObject({
        name: "InternalServiceError",
        $metadata: { httpStatusCode: 500 },
      });
    }
    await expect(get()).resolves.toMatchObject({ SecretString: "value" });
  });

  it("breaks the connection before it has done anything, or after", async () => {
    service.plan({ kind: "unreached" });
    service.plan({ kind: "reply-lost" });
    await expect(get()).rejects.toThrow();
    await expect(get()).rejects.toThrow();
    expect(service.calls.slice(-2).map(({ output }) => output !== undefined)).toEqual([false, true]);
  });

  it("waits until it is told", async () => {
    const told = Promise.withResolvers<void>();
    service.plan({ kind: "delayed", until: told.promise });
    const getting = get();
    await expect(get()).resolves.toMatchObject({ SecretString: "value" });
    told.resolve();
    await expect(getting).resolves.toMatchObject({ SecretString: "value" });
  });

  it("is spoken to by its own protocol, with a signature for itself", async () => {
    const headers = {
      "x-amz-target": "secretsmanager.GetSecretValue",
      "content-type": "application/x-amz-json-1.1",
    };
    const response = await fetch(service.endpoint, { method: "POST", headers, body: "{}" });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { __type: "MissingAuthenticationTokenException" },
    ]);
  });
});
