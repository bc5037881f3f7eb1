import { ACMClient } from "@aws-sdk/client-acm";
import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";

/** How AWS is reached. What isn't given comes from where the SDK looks: variables, profiles, roles. */
export interface AwsSettings {
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** One client for each service that is asked. They only read. */
export type Clients = ReturnType<typeof clientsIn>;

/** Clients for one region. */
export function clientsIn(region: string, settings: AwsSettings) {
  const shared = { region, maxAttempts: 2, ...settings };
  return {
    acm: new ACMClient(shared),
    gateway: new APIGatewayClient(shared),
    kms: new KMSClient(shared),
    lambda: new LambdaClient(shared),
    quotas: new ServiceQuotasClient(shared),
    sns: new SNSClient(shared),
    ssm: new SSMClient(shared),
    sts: new STSClient(shared),
  };
}
