import fc from "fast-check";
import { routes } from "../../../infra/api/routes.ts";
import { clientSteps, isStep, steps } from "../../../lib/flow/steps.ts";
import type { OperationName, WholeFlowOperation } from "../../../lib/operation/names.ts";
import { samples } from "../../support/step-samples.ts";

/**
 * In every text that a generated request says of its own: no reply may repeat it, nor is it fit
 * for a request id.
 */
export const marker = "Zq7Xv~";

/** What generated requests may name. */
export interface Known {
  /** Flows that exist, of which no request has a token. */
  readonly flowIds: readonly string[];
}

type Members = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const oddities = [
  "",
  "__proto__",
  "constructor",
  "null",
  "\u0000",
  "\ud800",
  "\u202e",
  "a\r\nX-Injected: 1",
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "%00%0d%0a",
  "{{7*7}}$" + "{7*7}",
  "x".repeat(3_000),
];

const free = fc
  .oneof(fc.string({ unit: "binary", maxLength: 24 }), fc.constantFrom(...oddities))
  .map((text) => marker + text);
const token = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/, { size: "max" });
const fixedToken = fc.nat().map((number) => number.toString(36).padEnd(43, "A"));
const uuid = fc.uuid({ version: 4 });
const value = fc.oneof(
  { weight: 4, arbitrary: free },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
  fc.constantFrom(null, true, 0, -1, 1e308, [], {}, ["a"], { length: 1 }),
);

const ofWholeFlow: Readonly<Record<WholeFlowOperation, Members>> = {
  start: {
    codeChallenge: fixedToken,
    application: fc.constantFrom("mobile", undefined),
    policy: fc.constantFrom("Single_Factor", "Passwordless", undefined),
    nonce: fc.constantFrom("a-nonce", undefined),
    loginHint: fc.constantFrom("nobody@example.com", undefined),
  },
  status: {},
  cancel: {},
  refresh: { application: fc.constantFrom("office", "mobile"), refreshToken: fixedToken },
};

/** What the body of a function may rightly have in it. */
function sound(name: OperationName): Members {
  return isStep(name) ? samples[name].wellFormed(free) : ofWholeFlow[name];
}

const special = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "then",
  "flowToken",
  "length",
  "refreshToken",
  ...clientSteps.flatMap((step) => Object.keys(steps[step].members)),
];

const texts = [
  "",
  " ",
  "null",
  "[]",
  "0",
  '"x"',
  "{",
  "{}{}",
  `{"${marker}`,
  `\ufeff{}`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"username":"a","username":{"__proto__":{"polluted":true}}}',
  '{"codeChallenge":{"toString":"x","valueOf":"y"}}',
  "[".repeat(8_000),
  `${'{"a":'.repeat(1_300)}1${"}".repeat(1_300)}`,
  `{"username":"${"x".repeat(9_000)}"}`,
  "9".repeat(8_100),
  "\u0000".repeat(100),
  "\ud800",
];

function bodyText(name: OperationName): fc.Arbitrary<string> {
  const spoilt = Object.fromEntries(
    Object.entries(sound(name)).map(([key, right]) => [key, fc.oneof(right, value)]),
  );
  const members = fc.record(spoilt, { requiredKeys: [] });
  const more = fc.dictionary(fc.oneof(fc.constantFrom(...special), free), value, { maxKeys: 2 });
  // Written as text, so that a member called __proto__ is one.
  const object = fc
    .tuple(members, more)
    .map(([known, others]) => `{${[known, others].flatMap(written).join(",")}}`);
  return fc.oneof({ weight: 6, arbitrary: object }, fc.constantFrom(...texts), free);
}

function written(members: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(members).filter(([, member]) => member !== undefined);
  return entries.map(([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`);
}

const bytes = fc.uint8Array({ maxLength: 60 }).map((list) => Buffer.from(list).toString("base64"));

const headers = fc.record(
  {
    "Content-Type": fc.oneof(
      { weight: 6, arbitrary: fc.constant("application/json") },
      fc.constantFrom("text/plain", "application/json; charset=utf-8", "application/jsonp", "", null),
      free,
    ),
    Authorization: fc.oneof(
      { weight: 3, arbitrary: fixedToken.map((text) => `Bearer ${text}`) },
      fc.constantFrom("Bearer", "Bearer ", "Basic YTpi", `Bearer ${"A".repeat(44)}`, "", null),
      token.map((text) => `bearer  ${text}`),
      free,
    ),
    "X-Request-Id": fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9._-]{8,128}$/),
      fc.constantFrom("", "short", "a\r\nX-Injected: 1", "x".repeat(129), "__proto__", null),
      free,
    ),
    Cookie: fc.oneof(
      free,
      fc.constantFrom("a=1; a=2", ";;;=;", "__proto__=1", `__Secure-flow-token=${"A".repeat(43)}`),
    ),
    Origin: fc.oneof(
      free,
      fc.constantFrom("null", "https://app.example", "https://app.example.evil.example", ""),
    ),
    "Sec-Fetch-Site": fc.oneof(free, fc.constantFrom("same-origin", "same-site", "cross-site", "none", "")),
    "Sec-Fetch-Mode": fc.constantFrom("cors", "no-cors", "navigate", ""),
    "User-Agent": fc.oneof(free, fc.constantFrom(null, "x".repeat(8_000), "a\u0000b")),
    "Accept-Language": free,
    "X-Forwarded-For": fc.oneof(fc.ipV4(), fc.ipV6(), free),
    __proto__: free,
  },
  { requiredKeys: [] },
);

const oddHeaders = fc.dictionary(
  fc.oneof(fc.constantFrom(...special, "authorization", "CONTENT-TYPE"), free),
  free,
  {
    maxKeys: 2,
  },
);

const addresses = [
  "",
  "::1",
  "fe80::1%eth0",
  "999.1.1.1",
  "2001:db8::1",
  "::ffff:1.2.3.4",
  "10.0.0.1, 10.0.0.2",
  null,
];
const context = fc.record(
  {
    requestId: fc.oneof(uuid, fc.constant(undefined)),
    identity: fc.oneof(
      { weight: 3, arbitrary: fc.record({ sourceIp: fc.oneof(fc.ipV4(), fc.constantFrom(...addresses)) }) },
      fc.constantFrom(null, {}, undefined),
    ),
    stage: free,
    path: free,
    accountId: fc.constantFrom(null, "000000000000"),
  },
  { requiredKeys: [] },
);

/** In so many of a hundred requests everything is as it should be, but for the token of the flow. */
const soundOfHundred = 3;

/**
 * Events as the gateway could make them of whatever a client sends, and some that only others could make up.
 */
export function fuzzedEvents(name: OperationName, { flowIds }: Known): fc.Arbitrary<unknown> {
  const route = routes.find((one) => one.function === name);
  const shared = { resource: fc.constant(route?.path), httpMethod: fc.constant(route?.method), path: free };
  const oddId = fc.oneof(
    free,
    uuid.map((id) => id.toUpperCase()),
    fc.constantFrom("__proto__", "", null, undefined),
  );
  const known = fc.oneof(uuid, fc.constantFrom(...flowIds));
  const parameters = (flowId: fc.Arbitrary<unknown>) => fc.record({ flowId });
  const fuzzed = fc.record({
    ...shared,
    headers: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(headers, oddHeaders).map(([ours, others]) => ({ ...others, ...ours })),
      },
      fc.constant(null),
    ),
    multiValueHeaders: fc.oneof(
      fc.constant(null),
      fc.dictionary(
        fc.constantFrom("Authorization", "Origin", "X-Request-Id"),
        fc.array(free, { maxLength: 2 }),
      ),
    ),
    pathParameters: fc.oneof(
      { weight: 4, arbitrary: parameters(known) },
      parameters(oddId),
      fc.constant(null),
    ),
    queryStringParameters: fc.oneof(fc.constant(null), fc.dictionary(free, free, { maxKeys: 1 })),
    body: fc.oneof({ weight: 6, arbitrary: bodyText(name) }, bytes, fc.constantFrom(null, "")),
    isBase64Encoded: fc.constantFrom(false, false, false, true, null, undefined),
    requestContext: context,
  });
  const wellFormed = fc.record({
    ...shared,
    headers: fc.record({
      "Content-Type": fc.constant("application/json"),
      Authorization: fixedToken.map((text) => `Bearer ${text}`),
      "User-Agent": free,
    }),
    multiValueHeaders: fc.constant(null),
    pathParameters: name === "start" ? fc.constant(null) : parameters(known),
    queryStringParameters: fc.constant(null),
    body: fc.record({ ...sound(name) }).map((body) => `{${written(body).join(",")}}`),
    isBase64Encoded: fc.constant(false),
    requestContext: context,
  });
  return fc.oneof(
    { weight: 100 - soundOfHundred, arbitrary: fuzzed },
    { weight: soundOfHundred, arbitrary: wellFormed },
  );
}
