import { CfnOutput, RemovalPolicy } from "aws-cdk-lib";
import {
  AccessLogField,
  AccessLogFormat,
  CfnModel,
  CfnRestApi,
  EndpointType,
  type IModel,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  Model,
  type RequestValidator,
  RestApi,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigateway";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { carriesSecret, isStep } from "../../lib/flow/steps.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import type { Environment } from "../environment.ts";
import { addGatewayProblems } from "./gateway-problems.ts";
import { bodyModel } from "./models.ts";
import { addPreflight, type CrossOriginSettings } from "./preflight.ts";
import { type Route, routes } from "./routes.ts";

/** What the API stands in front of. */
export interface SignOnApiProps {
  readonly environment: Environment;
  readonly target: (name: OperationName) => IFunction;
}

/**
 * The public API: one method for each row of the route table. House defaults: regional, TLS 1.2 or later, requests
 * validated before a function runs, every method throttled, an access log without personal data, and no data tracing.
 */
export class SignOnApi extends Construct {
  readonly rest: RestApi;
  /** Where clients reach it, with a slash at the end. */
  readonly url: string;
  readonly #validator: RequestValidator;

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
        // Its error log quotes what a validator refused, and so perhaps a password.
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
    if (defaultChild instanceof CfnRestApi) {
      defaultChild.securityPolicy = "SecurityPolicy_TLS13_1_2_PQ_2025_09";
      defaultChild.endpointAccessMode = "STRICT";
    }
    this.#validator = this.rest.addRequestValidator("Validator", {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    addGatewayProblems(this.rest, environment);
    this.#addPreflights(environment);
    this.url = this.#addDomain(environment.domain) ?? this.rest.url;
    for (const route of routes) this.#addRoute(route, target(route.function), environment);
  }

  #addDomain(domain: Environment["domain"]): string | undefined {
    if (domain === undefined) return undefined;
    const { name, certificateArn, basePath } = domain;
    const domainName = this.rest.addDomainName("Domain", {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, "Certificate", certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(basePath === undefined ? {} : { basePath }),
    });
    new CfnOutput(this, "DomainTarget", {
      description: `Point ${name} here`,
      value: domainName.domainNameAliasDomainName,
    });
    return basePath === undefined ? `https://${name}/` : `https://${name}/${basePath}/`;
  }

  #addPreflights(settings: CrossOriginSettings): void {
    if (settings.allowedOrigins.length === 0) return;
    for (const [path, ofPath] of Map.groupBy(routes, ({ path }) => path)) {
      const methods = ofPath.map(({ method }) => method);
      addPreflight(this.rest.root.resourceForPath(path), methods, settings);
    }
  }

  #addRoute(route: Route, target: IFunction, { cookieDelivery }: CrossOriginSettings): void {
    const model = this.#model(route.function);
    // Where a cookie may bring the token, only the function can tell whether there is one.
    const needsBearer = route.path.includes("{flowId}") && !cookieDelivery;
    this.rest.root
      .resourceForPath(route.path)
      .addMethod(route.method, new LambdaIntegration(target, { allowTestInvoke: false }), {
        requestValidator: this.#validator,
        ...(model === undefined ? {} : { requestModels: { "application/json": model } }),
        ...(needsBearer ? { requestParameters: { "method.request.header.Authorization": true } } : {}),
      });
  }

  #model(name: OperationName): IModel | undefined {
    const schema = bodyModel(name);
    if (schema === undefined) return undefined;
    const resource = new CfnModel(this, `Model-${name}`, {
      restApiId: this.rest.restApiId,
      contentType: "application/json",
      schema,
    });
    // A model changes nothing until the API is deployed again.
    this.rest.latestDeployment?.addToLogicalId({ [name]: schema });
    this.rest.latestDeployment?.node.addDependency(resource);
    return Model.fromModelName(this, `ModelNamed-${name}`, resource.ref);
  }
}

function throttling({ limits }: Environment): Record<string, MethodDeploymentOptions> {
  const options = routes.map(({ method, path, function: name }) => {
    const takesSecret = isStep(name) && carriesSecret(name);
    const limit = takesSecret ? limits.throttling.credentials : limits.throttling.default;
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
