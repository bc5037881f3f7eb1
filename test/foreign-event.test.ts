import type { ALBEvent, APIGatewayProxyEventV2, EventBridgeEvent, SNSEvent, SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationNames } from "../lib/operation/names.ts";
import { until } from "./support/patience.ts";
import { wordFor } from "./support/workflow-calls.ts";
import { createWorkflowProduct, type WorkflowProduct } from "./support/workflow-product.ts";

/** How often a function asked anything of anybody, but for its hash key: that it may ask for as it starts. */
let reached = 0;
let product: WorkflowProduct;
beforeAll(async () => {
  product = await createWorkflowProduct({
    heard: (what) => {
      if (what !== "hash key") reached += 1;
    },
  });
});
afterAll(() => product?.close());

const canary = "Canary-Of-The-Sender";
const password = JSON.stringify({ username: "ann@example.com", password: canary });
const headers = {
  authorization: `Bearer ${canary}`,
  cookie: `a=${canary}`,
  "content-type": "application/json",
};

const http = {
  method: "POST",
  path: "/flows",
  protocol: "HTTP/1.1",
  sourceIp: "192.0.2.1",
  userAgent: canary,
};
const payload2: APIGatewayProxyEventV2 = {
  ...{ version: "2.0", routeKey: "$default", rawPath: "/flows", rawQueryString: "", headers, body: password },
  ...{ cookies: [canary], isBase64Encoded: false },
  requestContext: {
    ...{ accountId: "anonymous", apiId: "api", domainName: "api.invalid", domainPrefix: "api", http },
    ...{ requestId: "id", routeKey: "$default", stage: "$default", time: "t", timeEpoch: 1 },
  },
};
const loadBalancer: ALBEvent = {
  requestContext: { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/t/1" } },
  ...{ httpMethod: "POST", path: "/flows", headers, body: password, isBase64Encoded: false },
};
const lattice = {
  ...{ raw_path: "/flows", method: "POST", headers, body: password, is_base64_encoded: false },
};
const lattice2 = {
  ...{ version: "2.0", path: "/flows", method: "POST", headers: {}, body: password },
  requestContext: { serviceNetworkArn: "arn:aws:vpc-lattice:eu-west-1:1:servicenetwork/sn-1", identity: {} },
};
const webSocket = {
  requestContext: { connectionId: "c", eventType: "MESSAGE", routeKey: "$default" },
  ...{ body: password, isBase64Encoded: false },
};

const queue: SQSEvent = {
  Records: [
    {
      ...{ messageId: "m", receiptHandle: canary, body: password, md5OfBody: "x", messageAttributes: {} },
      attributes: {
        ...{ ApproximateReceiveCount: "1", SentTimestamp: "1", SenderId: "s" },
        ApproximateFirstReceiveTimestamp: "1",
      },
      ...{ eventSource: "aws:sqs", eventSourceARN: "arn:aws:sqs:eu-west-1:1:q", awsRegion: "eu-west-1" },
    },
  ],
};
const topic: Pick<SNSEvent, "Records"> = {
  Records: [
    {
      ...{ EventVersion: "1.0", EventSubscriptionArn: "arn", EventSource: "aws:sns" },
      Sns: {
        ...{ SignatureVersion: "1", Timestamp: "t", Signature: "s", SigningCertUrl: "u", MessageId: "m" },
        ...{ Message: password, MessageAttributes: {}, Type: "Notification", UnsubscribeUrl: "u" },
        TopicArn: "arn",
      },
    },
  ],
};
const bus: EventBridgeEvent<"signed on", object> = {
  ...{ id: "i", version: "0", account: "1", time: "t", region: "eu-west-1", resources: [] },
  ...{ source: "customers", "detail-type": "signed on", detail: { password: canary } },
};

const overHttp: readonly [string, object][] = [
  ["an HTTP API or a function URL (payload 2.0)", payload2],
  ["an Application Load Balancer", loadBalancer],
  [
    "an Application Load Balancer",
    { ...loadBalancer, headers: undefined, multiValueHeaders: { cookie: [canary] } },
  ],
  ["VPC Lattice", lattice],
  ["VPC Lattice", lattice2],
  ["a WebSocket API", webSocket],
];

const elsewhere: readonly [string, object][] = [
  ["a queue, a topic, a stream, a bucket or CloudFront", queue],
  ["a queue, a topic, a stream, a bucket or CloudFront", topic],
  ["a queue, a topic, a stream, a bucket or CloudFront", { Records: [{ s3: {}, eventSource: "aws:s3" }] }],
  ["a queue, a topic, a stream, a bucket or CloudFront", { Records: [{ cf: { request: { headers: {} } } }] }],
  [
    "a pipe, a broker or a delivery stream",
    { eventSource: "aws:kafka", records: { t: [{ value: canary }] } },
  ],
  ["a pipe, a broker or a delivery stream", { deliveryStreamArn: "arn", records: [{ data: canary }] }],
  ["a pipe, a broker or a delivery stream", { eventSourceArn: "arn", rmqMessagesByQueue: {} }],
  ["EventBridge", bus],
  ["CloudWatch Logs", { awslogs: { data: canary } }],
  ["an API that asks for an authorization", { type: "TOKEN", methodArn: "arn", authorizationToken: canary }],
  ["an API that asks for an authorization", { type: "REQUEST", routeArn: "arn", identitySource: [canary] }],
  ["Cognito", { triggerSource: "PreSignUp_SignUp", userPoolId: "p", request: { password: canary } }],
  ["CloudFormation", { RequestType: "Create", ResponseURL: "https://cfn.invalid", ResourceProperties: {} }],
  [
    "an API that asks for an authorization",
    { authorizationToken: canary, requestContext: { apiId: "a", queryString: "query { me }" } },
  ],
  ["a pipe, a broker or a delivery stream", queue.Records],
  ["AppSync", { info: { fieldName: "signOn", parentTypeName: "Mutation" }, arguments: { password: canary } }],
  ["AppSync", [{ info: { fieldName: "signOn" }, request: { headers } }]],
  [
    "AppSync",
    { info: { channel: { path: "/signOn" }, operation: "PUBLISH" }, events: [{ payload: canary }] },
  ],
  ["an assistant or a contact centre", { bot: {}, invocationSource: "DialogCodeHook", sessionId: canary }],
  ["an assistant or a contact centre", { agent: {}, messageVersion: "1.0", sessionId: canary }],
  ["an assistant or a contact centre", { session: { user: {} }, request: { type: "LaunchRequest" } }],
  [
    "an assistant or a contact centre",
    { Name: "ContactFlowEvent", Details: { ContactData: { pin: canary } } },
  ],
  ["S3 Object Lambda or S3 Batch Operations", { getObjectContext: { outputToken: canary } }],
  ["S3 Object Lambda or S3 Batch Operations", { invocationSchemaVersion: "2.0", tasks: [{ taskId: "t" }] }],
  [
    "a rotation of Secrets Manager's",
    { Step: "createSecret", SecretId: "arn", ClientRequestToken: canary, RotationToken: canary },
  ],
  [
    "AWS Config, CodePipeline or CodeDeploy",
    { invokingEvent: "{}", configRuleName: "r", resultToken: canary },
  ],
  [
    "AWS Config, CodePipeline or CodeDeploy",
    { "CodePipeline.job": { data: { artifactCredentials: { sessionToken: canary } } } },
  ],
  ["AWS Config, CodePipeline or CodeDeploy", { DeploymentId: "d", LifecycleEventHookExecutionId: "e" }],
  ["the Transfer Family", { serverId: "s", protocol: "SFTP", username: "ann", password: canary }],
  [
    "Lambda, with what became of another function's call",
    {
      requestContext: { functionArn: "arn", condition: "RetriesExhausted" },
      requestPayload: { token: canary },
    },
  ],
];

async function expectLogged(httpStatus: number | undefined): Promise<void> {
  let logged = "";
  await until("the line of the log", () => {
    logged += product.takeLogged();
    return logged.endsWith("\n");
  });
  const line: unknown = JSON.parse(logged);
  expect(line).toMatchObject({ outcome: "event-unsupported", step: "otp", "event-unsupported": 1 });
  expect(line).toEqual(
    httpStatus === undefined
      ? expect.not.objectContaining({ httpStatus: expect.anything() })
      : expect.objectContaining({ httpStatus }),
  );
}

describe("an event of another kind", () => {
  it.each(overHttp)("over HTTP, from %s: one readable problem", async (source, event) => {
    product.takeLogged();
    const before = reached;
    const invoked = await product.invoke("otp", event);
    expect(invoked.kind).toBe("answered");
    const text = invoked.kind === "answered" ? invoked.payload : "";
    expect(text).not.toContain(canary);
    const reply = JSON.parse(text);
    expect(reply).toMatchObject({ statusCode: 500, isBase64Encoded: false });
    expect(reply.headers).toMatchObject({
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
    });
    expect(reply.multiValueHeaders["Content-Type"]).toEqual(["application/problem+json"]);
    expect(JSON.parse(reply.body)).toMatchObject({
      ...{ error: "event-unsupported", retryable: false, requestId: reply.headers["X-Request-Id"] },
      detail: `This function answers an API Gateway REST API and Step Functions. It was called by ${source}.`,
    });
    expect(reached).toBe(before);
    await expectLogged(500);
  });

  it.each(elsewhere)("from %s: one named error, and no word of a secret", async (source, event) => {
    product.takeLogged();
    const before = reached;
    const invoked = await product.invoke("otp", event);
    expect(invoked).toEqual({
      ...{ kind: "failed", errorType: "EventUnsupported", trace: expect.any(Array) },
      message: `This function answers an API Gateway REST API and Step Functions. It was called by ${source}.`,
    });
    expect(JSON.stringify(invoked)).not.toContain(canary);
    expect(reached).toBe(before);
    await expectLogged(undefined);
  });

  it.each(operationNames)("is known by %s", async (name) => {
    expect(wordFor(await product.invoke(name, queue))).toBe("EventUnsupported");
    expect(await product.invoke(name, payload2)).toMatchObject({ kind: "answered" });
  });
});

describe("what is no event of another kind", () => {
  it("is a workflow's payload, fit or not", async () => {
    expect(wordFor(await product.invoke("start", {}))).toBe("RequestInvalid");
    for (const payload of [{ records: [] }, null, "password", 5, true, [], [null]]) {
      expect(wordFor(await product.invoke("start", payload))).toBe("RequestInvalid");
    }
    for (const payload of [[{ password: "x" }], [[queue]]]) {
      expect(wordFor(await product.invoke("start", payload))).toBe("SecretInPayload");
    }
    expect(wordFor(await product.invoke("start", { source: "customers", token: "x" }))).toBe(
      "SecretInPayload",
    );
  });

  it("is the event of a REST API, also by an HTTP API that sends payload 1.0", async () => {
    const requestContext = { requestId: "request-0001", identity: { sourceIp: "192.0.2.1" } };
    const event = { version: "1.0", httpMethod: "POST", headers: {}, body: null, requestContext };
    const invoked = await product.invoke("start", event);
    expect(invoked).toMatchObject({ kind: "answered", payload: expect.stringContaining('"statusCode":400') });
  });
});
