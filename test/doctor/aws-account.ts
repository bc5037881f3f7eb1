import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { portOf } from "../support/engines.ts";

/** What an AWS account has, as far as it can be asked. A test changes what it is about. */
export interface AccountState {
  account: string;
  concurrency: number;
  unreserved: number;
  codeBytes: number;
  codeLimit: number;
  /** What functions reserve, by their names. */
  functions: Record<string, number>;
  /** The version of CDK's bootstrap; none where it never ran. */
  bootstrap: string | undefined;
  keys: number;
  /** The quota of keys that was asked for, and AWS's default. */
  keyQuota: number | undefined;
  defaultKeyQuota: number;
  certificate: { Status: string; DomainName: string; SubjectAlternativeNames?: string[] } | undefined;
  /** The names of the APIs that custom domains lead to. */
  domains: Record<string, readonly string[]>;
  logRole: string | undefined;
  /** The mail subscriptions of topics: by the topic's name, the address and the subscription's ARN. */
  topics: Record<string, Record<string, string>>;
  /** Actions that the caller may not do. */
  denied: readonly string[];
}

/** A stand-in for the services of an AWS account, which answers as AWS documents. */
export interface AwsAccount {
  readonly endpoint: string;
  readonly state: AccountState;
  /** Every call, as service and action. */
  readonly calls: readonly string[];
}

type Reply = {
  readonly status?: number;
  readonly json?: object;
  readonly xml?: string;
  readonly error?: string;
};
type Input = Readonly<Record<string, unknown>>;

/** Starts one with room for everything. */
export async function openAccount(changes: Partial<AccountState> = {}): Promise<AwsAccount> {
  const state: AccountState = { ...roomy, ...changes };
  const calls: string[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, response) => {
    answer(state, calls, incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${portOf(server.address())}`, state, calls };
}

const roomy: AccountState = {
  account: "111122223333",
  concurrency: 1_000,
  unreserved: 1_000,
  codeBytes: 1_000_000,
  codeLimit: 80_530_636_800,
  functions: { other: 5 },
  bootstrap: "30",
  keys: 3,
  keyQuota: undefined,
  defaultKeyQuota: 100_000,
  certificate: { Status: "ISSUED", DomainName: "sign-on.shop.test" },
  domains: {},
  logRole: undefined,
  topics: {},
  denied: [],
};

async function answer(
  state: AccountState,
  calls: string[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(incoming);
  const scope = /Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/([a-z-]+)\/aws4_request/.exec(
    incoming.headers.authorization ?? "",
  );
  const service = scope?.[2] ?? "unsigned";
  const { pathname } = new URL(incoming.url ?? "/", "http://aws.invalid");
  const [action, input] = actionOf(incoming, pathname, body);
  calls.push(`${service}:${action}`);
  const found = state.denied.includes(`${service}:${action}`) ? undefined : replyTo(state, action, input);
  send(response, found ?? { status: 403, error: "AccessDeniedException" }, service);
}

/** By the form of three protocols: Query, JSON with a target, and REST. */
function actionOf({ headers, method }: IncomingMessage, pathname: string, body: string): [string, Input] {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return [target.split(".").at(-1) ?? "", JSON.parse(body)];
  if (pathname === "/" && method === "POST") {
    const form = Object.fromEntries(new URLSearchParams(body));
    return [String(form["Action"]), form];
  }
  const [first = "", ...others] = pathname.split("/").slice(1).map(decodeURIComponent);
  return [restAction(first, others), { name: others[0], function: others[1] }];
}

function restAction(first: string, others: readonly string[]): string {
  if (others.at(-1) === "account-settings") return "GetAccountSettings";
  if (others.at(-1) === "functions") return "ListFunctions";
  if (others.at(-1) === "concurrency") return "GetFunctionConcurrency";
  if (others.at(-1) === "basepathmappings") return "GetBasePathMappings";
  const named = new Map([
    ["account", "GetAccount"],
    ["domainnames", "GetDomainName"],
    ["restapis", "GetRestApi"],
  ]);
  return named.get(first) ?? "unknown";
}

const notThere = (error: string): Reply => ({ status: error === "NotFoundException" ? 404 : 400, error });

function replyTo(state: AccountState, action: string, input: Input): Reply | undefined {
  const handler = handlers[action];
  return handler === undefined ? { status: 400, error: "UnknownOperationException" } : handler(state, input);
}

const handlers: Readonly<Record<string, (state: AccountState, input: Input) => Reply>> = {
  GetCallerIdentity: ({ account }) => ({
    xml: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/somebody</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  }),
  GetAccountSettings: ({ concurrency, unreserved, codeBytes, codeLimit }) => ({
    json: {
      AccountLimit: {
        ...{ ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: unreserved },
        TotalCodeSize: codeLimit,
      },
      AccountUsage: { TotalCodeSize: codeBytes, FunctionCount: 1 },
    },
  }),
  ListFunctions: ({ functions }) => ({
    json: { Functions: Object.keys(functions).map((FunctionName) => ({ FunctionName })) },
  }),
  GetFunctionConcurrency: ({ functions }, input) => ({
    json: { ReservedConcurrentExecutions: functions[String(input["function"])] },
  }),
  GetParameter: ({ bootstrap }, { Name }) =>
    bootstrap === undefined || Name !== "/cdk-bootstrap/hnb659fds/version"
      ? notThere("ParameterNotFound")
      : { json: { Parameter: { Name, Type: "String", Value: bootstrap } } },
  ListKeys: ({ keys }) => ({
    json: { Keys: Array.from({ length: keys }, (_, at) => ({ KeyId: String(at) })), Truncated: false },
  }),
  GetServiceQuota: ({ keyQuota }) =>
    keyQuota === undefined ? notThere("NoSuchResourceException") : { json: { Quota: { Value: keyQuota } } },
  GetAWSDefaultServiceQuota: ({ defaultKeyQuota }, { ServiceCode, QuotaCode }) =>
    ServiceCode === "kms" && QuotaCode === "L-C2F1777E"
      ? { json: { Quota: { Value: defaultKeyQuota } } }
      : notThere("NoSuchResourceException"),
  DescribeCertificate: ({ certificate }, { CertificateArn }) =>
    certificate === undefined
      ? notThere("ResourceNotFoundException")
      : { json: { Certificate: { CertificateArn, ...certificate } } },
  GetDomainName: ({ domains }, { name }) =>
    domains[String(name)] === undefined ? notThere("NotFoundException") : { json: { domainName: name } },
  GetBasePathMappings: ({ domains }, { name }) => ({
    json: { item: domains[String(name)]?.map((api) => ({ basePath: "(none)", restApiId: api })) },
  }),
  GetRestApi: (_state, { name }) =>
    name === "gone" ? notThere("NotFoundException") : { json: { id: name, name } },
  GetAccount: ({ logRole }) => ({ json: logRole === undefined ? {} : { cloudwatchRoleArn: logRole } }),
  ListTopics: ({ topics }) => ({
    xml: `<ListTopicsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListTopicsResult><Topics>${Object.keys(
      topics,
    )
      .map((name) => `<member><TopicArn>${topicArn(name)}</TopicArn></member>`)
      .join("")}</Topics></ListTopicsResult></ListTopicsResponse>`,
  }),
  ListSubscriptionsByTopic: ({ topics }, { TopicArn }) => ({
    xml: `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>${Object.entries(
      topics[String(TopicArn).split(":").at(-1) ?? ""] ?? {},
    )
      .map(
        ([mail, arn]) =>
          `<member><TopicArn>${TopicArn}</TopicArn><Protocol>email</Protocol><SubscriptionArn>${arn}</SubscriptionArn><Owner>111122223333</Owner><Endpoint>${mail}</Endpoint></member>`,
      )
      .join("")}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
  }),
};

function topicArn(name: string): string {
  return `arn:aws:sns:eu-west-1:111122223333:${name}`;
}

function send(response: ServerResponse, { status = 200, json, xml, error }: Reply, service: string): void {
  const isQuery = service === "sts" || service === "sns";
  if (isQuery) {
    const refused = `<ErrorResponse><Error><Type>Sender</Type><Code>${error}</Code><Message>No.</Message></Error></ErrorResponse>`;
    response.writeHead(status, { "content-type": "text/xml" }).end(xml ?? refused);
    return;
  }
  const headers = error === undefined ? {} : { "x-amzn-errortype": error };
  const refused = { __type: error, message: "No." };
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(json ?? refused));
}
