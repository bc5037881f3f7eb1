import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** How the table differs between environments. */
export interface FlowTableProps {
  readonly encryptionKey: IKey;
  readonly deletionProtection: boolean;
}

/**
 * The rows of flows. House defaults: on demand, our own key, TTL by `ttl`, and no backups, since a row lives minutes
 * and nothing in it opens without the client's token. A protected table outlives its stack.
 */
export class FlowTable extends Table {
  constructor(scope: Construct, id: string, { encryptionKey, deletionProtection }: FlowTableProps) {
    super(scope, id, {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      timeToLiveAttribute: "ttl",
      deletionProtection,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
