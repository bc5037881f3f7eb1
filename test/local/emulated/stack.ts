import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import { GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { emulatedCredentials } from "../../../infra/emulator/surroundings.ts";
import type { Environment } from "../../../infra/environment.ts";
import { createDynamoClient } from "../../../lib/store/client.ts";
import { patientStore } from "../../support/patience.ts";

/** What an emulator has made of the environment. */
export class EmulatedStack {
  readonly name: string;
  readonly #aws: ReturnType<typeof settings>;

  constructor(endpoint: string, { name, region }: Pick<Environment, "name" | "region">) {
    this.name = `sign-on-${name}`;
    this.#aws = settings(endpoint, region);
  }

  /** An output's value; nothing where there is no such stack, or no such output. */
  async output(key: string): Promise<string | undefined> {
    const client = new CloudFormationClient({ ...this.#aws, maxAttempts: 1 });
    const asked = client.send(new DescribeStacksCommand({ StackName: this.name }));
    const { Stacks = [] } = await asked.catch(() => ({ Stacks: [] }));
    return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  }

  /** The physical ids of everything of these types, by logical id. */
  async idsOf(...types: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const client = new CloudFormationClient(this.#aws);
    const ids = new Map<string, string>();
    for await (const page of paginateListStackResources({ client }, { StackName: this.name })) {
      for (const {
        LogicalResourceId = "",
        PhysicalResourceId = "",
        ResourceType = "",
      } of page.StackResourceSummaries ?? []) {
        if (types.includes(ResourceType)) ids.set(LogicalResourceId, PhysicalResourceId);
      }
    }
    return ids;
  }

  /** The policy of a key, as JSON. */
  async policyOf(KeyId: string): Promise<string> {
    const client = new KMSClient(this.#aws);
    const { Policy = "" } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
    return Policy;
  }

  /** Gives a flow's row another format. */
  async reformat(flowId: string, version: number): Promise<void> {
    const client = createDynamoClient({ ...patientStore, ...this.#aws });
    await client.send(
      new UpdateCommand({
        TableName: await this.output("TableName"),
        Key: { pk: `flow#${flowId}` },
        UpdateExpression: "SET v = :version",
        ExpressionAttributeValues: { ":version": version },
      }),
    );
    client.destroy();
  }
}

function settings(endpoint: string, region: string | undefined) {
  return { endpoint, credentials: emulatedCredentials, ...(region === undefined ? {} : { region }) };
}
