import { CfnOutput, RemovalPolicy } from "aws-cdk-lib";
import {
  CfnEIP,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { FlowTable } from "./flow-table.ts";
import { asVpc } from "./interfaces.ts";
import { everyTableAction } from "./permissions.ts";

/** Each zone has its own way out, so that a zone can fail. */
const zones = 2;

/** What a network is made for. */
export interface EgressProps {
  readonly table: FlowTable;
  readonly logRetention: RetentionDays;
}

/**
 * A network whose calls leave from elastic addresses, because PingOne caps what one address may send unless
 * it is registered. House defaults: two zones, nothing comes in, only HTTPS goes out, our table is reached
 * within AWS and no other one is, and rejected packets are logged. The addresses to register are an output.
 */
export class Egress extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { table, logRetention }: EgressProps) {
    super(scope, id);
    const addresses = Array.from({ length: zones }, (_, zone) => new CfnEIP(this, `Address${zone}`));
    const vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr("10.80.0.0/20"),
      maxAzs: zones,
      natGateways: zones,
      natGatewayProvider: NatProvider.gateway({
        eipAllocationIds: addresses.map(({ attrAllocationId }) => attrAllocationId),
      }),
      subnetConfiguration: [
        { name: "Public", subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 26 },
        { name: "Functions", subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 23 },
      ],
      // The functions never use the default group; to empty it would take a custom resource.
      restrictDefaultSecurityGroup: false,
    });
    this.#reach(table, vpc);
    vpc.addFlowLog("Rejected", {
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, "FlowLog", { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY }),
      ),
    });
    this.vpc = asVpc(vpc);
    this.securityGroup = new SecurityGroup(this, "FunctionsGroup", {
      vpc: this.vpc,
      description: "Sign-on functions: HTTPS out, nothing in",
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "PingOne and AWS");
    new CfnOutput(this, "Addresses", {
      description: "Register these at PingOne: calls to it leave from them",
      value: addresses.map(({ attrPublicIp }) => attrPublicIp).join(", "),
    });
  }

  /** Whoever gets code to run in the network can carry nothing off to a table of theirs. */
  #reach({ tableArn }: FlowTable, vpc: Vpc): void {
    const endpoint = vpc.addGatewayEndpoint("DynamoDb", { service: GatewayVpcEndpointAwsService.DYNAMODB });
    const onlyThis = { actions: [...everyTableAction], resources: [tableArn] };
    endpoint.addToPolicy(new PolicyStatement({ principals: [new AnyPrincipal()], ...onlyThis }));
  }
}
