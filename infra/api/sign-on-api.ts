import { CfnOutput, RemovalPolicy } from "aws-cdk-lib";
import {
  AccessLogField,
  AccessLogFormat,
  CfnRestApi,
  EndpointAccessMode,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigateway";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { type OperationName, takesSecret } from "../../lib/operation/names.ts";
import type { Environment } from "../environment.ts";
import type { CrossOriginSettings } from "./cross-origin.ts";
import { addGatewayProblems } from "./gateway-problems.ts";
import { addPreflight } from "./preflight.ts";
import { type Route, routes } from "./routes.ts";

/**
 * How the API and its domain speak TLS: 1.2 or later, and 1.3 with key exchange that a quantum computer won't
 * open. Both say the same, since a domain speaks by the policy of the API behind it, whatever its own says.
 * Strict: who calls must name the host that answers.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
 */
const tls = {
  securityPolicy: SecurityPolicy.TLS13_1_2_PQ_2025_09,
  endpointAccessMode: EndpointAccessMode.STRICT,
} as const;

/** What the API stands in front of. */
export interface SignOnApiProps {
  readonly environment: Environment;
  readonly target: (name: OperationName) => IFunction;
}

/**
 * The public API: one method for each row of the route table. House defaults: regional, TLS 1.2 or
 * later, every method throttled, an access log without personal data, and no data tracing. It validates
 * neither bodies nor parameters: its validator can say that a request is wrong, and not which member or
 * why. The functions say both.
 */
export class SignOnApi extends Construct {
  readonly rest: RestApi;
  /** Where clients reach it, with a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { environment, target }: SignOnApiProps) {
    super(scope, id);
    const accessLog = new LogGroup(this, "AccessLog", {
      retention: environment.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.rest = new RestApi(this, "Rest", {
      restApiName: `sign-on-${environment.name}`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: environment.gatewayLogRole,
      disableExecuteApiEndpoint: environment.domain !== undefined,
      deployOptions: {
        stageName: environment.name,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLogFormat(),
        // It says no more than the access log and the functions' own, and data tracing would
        // quote bodies in it.
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        tracingEnabled: environment.tracing,
        // For the preflights, which have no limit of their own.
        throttlingRateLimit: environment.limits.throttling.default.perSecond,
        throttlingBurstLimit: environment.limits.throttling.default.burst,
        methodOptions: throttling(environment),
      },
    });
    const { defaultChild } = this.rest.node;
    if (defaultChild instanceof CfnRestApi) Object.assign(defaultChild, tls);
    // The host name that CDK tells of is off under a domain, and not served by emulators: `ApiUrl` is right.
    this.rest.node.tryRemoveChild("Endpoint");
    addGatewayProblems(this.rest, environment);
    this.#addPreflights(environment);
    this.url = this.#addDomain(environment.domain) ?? this.#emulatedUrl(environment) ?? this.rest.url;
    for (const route of routes) this.#addRoute(route, target(route.function));
  }

  #addDomain(domain: Environment["domain"]): string | undefined {
    if (domain === undefined) return undefined;
    const { name, certificateArn, basePath } = domain;
    const domainName = this.rest.addDomainName("Domain", {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, "Certificate", certificateArn),
      endpointType: EndpointType.REGIONAL,
      ...tls,
      ...(basePath === undefined ? {} : { basePath }),
    });
    new CfnOutput(this, "DomainTarget", {
      description: `Point ${name} here`,
      value: domainName.domainNameAliasDomainName,
    });
    return basePath === undefined ? `https://${name}/` : `https://${name}/${basePath}/`;
  }

  /** By path: an emulator's host names by API need a resolver, and it serves no TLS. */
  #emulatedUrl({ endpoint, name }: Environment): string | undefined {
    return endpoint && `${endpoint}/restapis/${this.rest.restApiId}/${name}/_user_request_/`;
  }

  #addPreflights(settings: CrossOriginSettings): void {
    if (settings.allowedOrigins.length === 0) return;
    for (const [path, ofPath] of Map.groupBy(routes, ({ path }) => path)) {
      const methods = ofPath.map(({ method }) => method);
      addPreflight(this.rest.root.resourceForPath(path), methods, settings);
    }
  }

  #addRoute({ method, path }: Route, target: IFunction): void {
    this.rest.root
      .resourceForPath(path)
      .addMethod(method, new LambdaIntegration(target, { allowTestInvoke: false }));
  }
}

function throttling({ limits }: Environment): Record<string, MethodDeploymentOptions> {
  const options = routes.map(({ method, path, function: name }) => {
    const limit = takesSecret(name) ? limits.throttling.credentials : limits.throttling.default;
    return [
      `${path}/${method}`,
      { throttlingRateLimit: limit.perSecond, throttlingBurstLimit: limit.burst },
    ] as const;
  });
  return Object.fromEntries(options);
}

/** No address, user agent, path, query or header: what happened to which route, and when. */
function accessLogFormat(): AccessLogFormat {
  const fields = {
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    route: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    responseBytes: AccessLogField.contextResponseLength(),
    responseMs: AccessLogField.contextResponseLatency(),
    integrationMs: AccessLogField.contextIntegrationLatency(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    gatewayError: AccessLogField.contextErrorResponseType(),
    wafStatus: "$context.waf.status",
    trace: AccessLogField.contextXrayTraceId(),
  };
  return AccessLogFormat.custom(JSON.stringify(fields));
}
