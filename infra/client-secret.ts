import { RemovalPolicy } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";

/**
 * The place of the client secret of a confidential application. It is created empty: neither a value nor an order to
 * draw one stands in the template, and whoever got the secret from PingOne puts it there by hand.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html
 */
export class ClientSecret extends CfnSecret {
  constructor(scope: Construct, id: string, environmentName: string) {
    super(scope, id, {
      name: `sign-on/${environmentName}/client-secret`,
      description: "Client secret of the confidential application at PingOne; put in by hand",
    });
    this.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }
}
