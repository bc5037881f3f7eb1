import * as z from "zod";
import { AwsRefusal, type JsonService, type Listener, read, serveJson } from "./json-service.ts";

/** A stand-in for Secrets Manager. */
export interface SecretsManager extends JsonService {
  /** Stores a value, in the place of an older one. */
  put(name: string, value: string): void;
}

const GetSecretValueInput = z.strictObject({
  SecretId: z.string().min(1).max(2_048),
  VersionId: z.string().optional(),
  VersionStage: z.literal("AWSCURRENT").optional(),
});

interface Secret {
  readonly value: string;
  readonly version: string;
}

/**
 * Starts Secrets Manager without a secret: `GetSecretValue`, by name or ARN.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export async function startSecretsManager(listener?: Listener): Promise<SecretsManager> {
  const secrets = new Map<string, Secret>();
  const service = await serveJson({
    target: "secretsmanager",
    contentType: "application/x-amz-json-1.1",
    signingName: "secretsmanager",
    listener,
    operations: new Map([
      ["GetSecretValue", (input) => secretValue(secrets, read(GetSecretValueInput, input))],
    ]),
  });
  return {
    ...service,
    put: (name, value) => secrets.set(name, { value, version: crypto.randomUUID() }),
  };
}

function secretValue(
  secrets: ReadonlyMap<string, Secret>,
  { SecretId, VersionId }: z.output<typeof GetSecretValueInput>,
): object {
  const found = [...secrets].find(([name]) => SecretId === name || SecretId === arnOf(name));
  const [name, secret] = found ?? [];
  const isCurrent = VersionId === undefined || VersionId === secret?.version;
  if (name === undefined || secret === undefined || !isCurrent) {
    throw new AwsRefusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
  return {
    ARN: arnOf(name),
    Name: name,
    SecretString: secret.value,
    VersionId: secret.version,
    VersionStages: ["AWSCURRENT"],
    CreatedDate: 0,
  };
}

function arnOf(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:000000000000:secret:${name}-AbCdEf`;
}
