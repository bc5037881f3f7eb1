import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** How the table differs between environments. */
export interface FlowTableProps {
  readonly encryptionKey: IKey;
  /**
   * Whether it outlives its stack. It then does so even where the stack's first deployment fails: to take a
   * protected table back is refused, and the whole rollback would fail with it.
   */
  readonly deletionProtection: boolean;
}

/**
 * The rows of flows. House defaults: on demand, our own key, TTL by `ttl`, and no backups, since a row lives
 * minutes and nothing in it opens without the client's token.
 */
export class FlowTable extends Table {
  constructor(scope: Construct, id: string, props: FlowTableProps) {
    super(scope, id, {
      ...props,
      removalPolicy: props.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      timeToLiveAttribute: "ttl",
    });
  }
}
