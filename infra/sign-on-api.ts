import { RemovalPolicy } from "aws-cdk-lib";
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
} from "aws-cdk-lib/aws-apigateway";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { Environment } from "./environment.ts";
import { bodyModel } from "./models.ts";
import { type FunctionName, type Route, routes } from "./routes.ts";

/** What the API stands in front of. */
export interface SignOnApiProps {
  readonly environment: Environment;
  readonly functionNamed: (name: FunctionName) => IFunction;
}

/** The functions that take a credential: their throttling and firewall rules are tighter. */
const credentialFunctions: ReadonlySet<FunctionName> = new Set(["password", "otp"]);

/**
 * The public API: one method for each row of the route table. House defaults: regional, TLS 1.2 or later, requests
 * validated before a function runs, every method throttled, an access log without personal data, and no data tracing.
 */
export class SignOnApi extends Construct {
  readonly api: RestApi;
  readonly #validator: RequestValidator;

  constructor(scope: Construct, id: string, { environment, functionNamed }: SignOnApiProps) {
    super(scope, id);
    const accessLog = new LogGroup(this, "AccessLog", {
      retention: environment.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, "Rest", {
      restApiName: `sign-on-${environment.name}`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: environment.gatewayLogRole,
      disableExecuteApiEndpoint: environment.domain !== undefined,
      deployOptions: {
        stageName: environment.name,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLogFormat(),
        loggingLevel: environment.gatewayLogRole ? MethodLoggingLevel.ERROR : MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: environment.tracing,
        methodOptions: throttling(environment),
      },
    });
    const { defaultChild } = this.api.node;
    if (defaultChild instanceof CfnRestApi) {
      defaultChild.securityPolicy = "SecurityPolicy_TLS13_1_2_PQ_2025_09";
      defaultChild.endpointAccessMode = "STRICT";
    }
    this.#validator = this.api.addRequestValidator("Validator", {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    for (const route of routes) this.#addRoute(route, functionNamed(route.function));
  }

  #addRoute(route: Route, target: IFunction): void {
    const model = this.#model(route.function);
    const isFlowRoute = route.path.includes("{flowId}");
    this.api.root
      .resourceForPath(route.path)
      .addMethod(route.method, new LambdaIntegration(target, { allowTestInvoke: false }), {
        requestValidator: this.#validator,
        ...(model === undefined ? {} : { requestModels: { "application/json": model } }),
        ...(isFlowRoute ? { requestParameters: { "method.request.header.Authorization": true } } : {}),
      });
  }

  #model(name: FunctionName): IModel | undefined {
    const schema = bodyModel(name);
    if (schema === undefined) return undefined;
    const resource = new CfnModel(this, `Model-${name}`, {
      restApiId: this.api.restApiId,
      contentType: "application/json",
      schema,
    });
    // A model changes nothing until the API is deployed again.
    this.api.latestDeployment?.addToLogicalId({ [name]: schema });
    this.api.latestDeployment?.node.addDependency(resource);
    return Model.fromModelName(this, `ModelNamed-${name}`, resource.ref);
  }
}

function throttling({ limits }: Environment): Record<string, MethodDeploymentOptions> {
  const options = routes.map(({ method, path, function: name }) => {
    const limit = credentialFunctions.has(name) ? limits.throttling.credentials : limits.throttling.default;
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
