import { pick, type Random } from "./random.ts";
import type { Passed } from "./rewriting-proxy.ts";

/** Draws a change to an answer of PingOne's; it may leave one that means the same. */
export interface Mutator {
  mutate(passed: Passed): Passed;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Node = { [name: string]: Json } | Json[];

/** A mutator that remembers what it saw, to put one answer in the place of another. */
export function createMutator(random: Random): Mutator {
  const seen: Passed[] = [];
  const remember = (passed: Passed) => {
    seen.push(passed);
    if (seen.length > 200) seen.shift();
  };
  const another = () => pick(random, seen);
  const kinds: readonly ((passed: Passed) => Passed)[] = [
    ...Array.from({ length: 6 }, () => (passed: Passed) => inTree(passed, random)),
    ...Array.from({ length: 4 }, () => (passed: Passed) => inMeaning(passed, random, another())),
    (passed) => inText(passed, random),
    (passed) => inHttp(passed, random),
    (passed) => ({ ...passed, body: another().body }),
    another,
  ];
  return {
    mutate: (passed) => {
      remember(passed);
      const once = pick(random, kinds)(passed);
      return random.chance(0.3) ? pick(random, kinds)(once) : once;
    },
  };
}

/** Something happens to one member, wherever it is. */
function inTree(passed: Passed, random: Random): Passed {
  const body = parsed(passed.body);
  if (!isNode(body)) return passed;
  const node = pick(random, nodesIn(body));
  const key = pick(random, [...Object.keys(node), "extra"]);
  pick(random, treeChanges)(node, key, random);
  return { ...passed, body: JSON.stringify(body) };
}

type TreeChange = (node: Node, key: string, random: Random) => void;

const treeChanges: readonly TreeChange[] = [
  (node, key) => Reflect.deleteProperty(node, key),
  (node, key, random) => {
    const name = pick(random, [key.toUpperCase(), `${key}s`, "__proto__", "constructor", "toString", ""]);
    Object.defineProperty(node, name, { value: valueAt(node, key), enumerable: true, configurable: true });
    Reflect.deleteProperty(node, key);
  },
  (node, key, random) => setAt(node, key, retyped(valueAt(node, key), random)),
  (node, key) => setAt(node, key, { value: valueAt(node, key) }),
  (node, key) => setAt(node, key, [valueAt(node, key), valueAt(node, key)]),
  (node, key, random) => setAt(node, key, pick(random, absurdities)),
];

const absurdities: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  "",
  "\u0000",
  "\ud800",
  "..",
  "../../as/token",
  "x".repeat(5_000),
  "9999-12-31T23:59:59Z",
  "0000-01-01T00:00:00Z",
  "2026-02-30T25:61:61Z",
  [],
  {},
  Array.from({ length: 3_000 }, () => null),
];

function retyped(value: Json, random: Random): Json {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    return pick(random, [Number(value.length), [...value].slice(0, 9), value === ""]);
  }
  if (Array.isArray(value)) return Object.fromEntries(value.entries());
  return value !== null && typeof value === "object" ? Object.values(value) : "null";
}

const statuses = [
  "COMPLETED",
  "FAILED",
  "OTP_REQUIRED",
  "DEVICE_SELECTION_REQUIRED",
  "USERNAME_PASSWORD_REQUIRED",
  "PUSH_CONFIRMATION_REQUIRED",
  "RESUMED",
  "UNSUPPORTED",
  "RESTART_REQUIRED",
  "EXPIRED",
  "NOVEL_THING",
  "completed",
  "COMPLETED ",
];

/** What is said is changed, in the form that PingOne has for it. */
function inMeaning(passed: Passed, random: Random, other: Passed): Passed {
  const body = parsed(passed.body);
  if (!isNode(body) || Array.isArray(body)) return passed;
  const changes: readonly (() => Json)[] = [
    () => ({ ...body, status: pick(random, statuses) }),
    () => ({ ...body, status: pick(random, statuses), _links: linksOf(parsed(other.body)) }),
    () => ({ ...body, id: idOf(parsed(other.body)) }),
    () => ({
      ...body,
      error: pick(random, [{ code: "INVALID_OTP" }, { code: "MFA_DISABLED" }, {}, "x", null]),
    }),
    () => ({ ...body, [pick(random, daVinci)]: "x" }),
    () => ({ id: "x", _links: { next: { href: "x" } }, interactionId: "x", interactionToken: "x" }),
    () => ({ _links: body }),
    () => ({ data: body }),
    () => [body],
    () => ({ ...body, authorizeResponse: { code: "made-up", state: "made-up" } }),
    () => ({ ...body, authorizeResponse: authorizationIn(parsed(other.body)) }),
    () => withAuthorization(body, "state", pick(random, ["", "x", null, 7, []])),
    () => withAuthorization(body, "code", pick(random, ["", "a\nb", "\u00e9", "x".repeat(3_000), null, 7])),
    () => withAuthorization(body, "error", "access_denied"),
    () => ({ ...body, expiresAt: pick(random, ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "", 5]) }),
    () => ({ ...body, otpLength: pick(random, [0, 6.5, 64, 65, "6", -6]) }),
    () => ({ ...body, details: [{ code: "INVALID_OTP", innerError: { attemptsRemaining: -1 } }] }),
  ];
  return { ...passed, body: JSON.stringify(pick(random, changes)()) };
}

const daVinci = ["interactionId", "interactionToken", "capabilityName", "connectorId", "connectionId"];

function withAuthorization(body: Readonly<Record<string, Json>>, name: string, value: Json): Json {
  return { ...body, authorizeResponse: { ...authorizationIn({ ...body }), [name]: value } };
}

function authorizationIn(body: Json): { [name: string]: Json } {
  const found = memberOf(body, "authorizeResponse");
  return isNode(found) && !Array.isArray(found) ? found : {};
}

function linksOf(body: Json): Json {
  return memberOf(body, "_links") ?? {};
}

function idOf(body: Json): Json {
  return memberOf(body, "id") ?? "another";
}

function memberOf(body: Json, name: string): Json | undefined {
  return isNode(body) && !Array.isArray(body) ? body[name] : undefined;
}

/** The text is no longer, or no longer only, what was written. */
function inText(passed: Passed, random: Random): Passed {
  const { body } = passed;
  const texts: readonly string[] = [
    body.slice(0, random.below(body.length + 1)),
    body.slice(random.below(body.length + 1)),
    `\ufeff${body}`,
    `)]}',\n${body}`,
    body + body,
    "",
    "null",
    "[]",
    "{}",
    "<html><title>COMPLETED</title></html>",
    body.replace(/"status":/, '"status":"COMPLETED","status":'),
    body.replace(/^\{/, '{"status":"COMPLETED","__proto__":{"status":"COMPLETED"},'),
    body.replace(/\}$/, ',"status":"COMPLETED"}'),
    body.replaceAll('"', "'"),
    `${"[".repeat(50_000)}${body}${"]".repeat(50_000)}`,
    `${body.slice(0, -1)},"filler":"${"x".repeat(300_000)}"}`,
  ];
  return { ...passed, body: pick(random, texts) };
}

/** The answer around the body is another one. */
function inHttp(passed: Passed, random: Random): Passed {
  const others: readonly (() => Passed)[] = [
    () => ({ ...passed, status: pick(random, [201, 202, 204, 206, 301, 302, 303, 304, 307]) }),
    () => ({ ...passed, status: pick(random, [400, 401, 403, 404, 406, 409, 415, 422, 429]) }),
    () => ({ ...passed, status: pick(random, [200, 299, 500, 502, 503, 504, 599, 999]) }),
    () =>
      withHeader(passed, "Content-Type", pick(random, ["text/html", "text/plain", "application/xml", ""])),
    () => withHeader(passed, "Content-Encoding", pick(random, ["gzip", "br", "identity"])),
    () => withHeader(passed, "Retry-After", pick(random, ["-1", "99999999999", "1e9", "soon", "0.5", "5"])),
    () => withHeader(passed, "Date", pick(random, ["", "5", "Thu, 01 Jan 1970 00:00:00 GMT", "tomorrow"])),
    () =>
      withHeader(passed, "Location", pick(random, ["/", "//x", "http://[", "com.example.app:/cb?code=x"])),
    () => withHeader(withHeader(passed, "__proto__", "x"), "constructor", "x"),
    () => ({ ...passed, headers: [] }),
    () => ({ ...passed, headers: [...passed.headers, ...passed.headers] }),
  ];
  return pick(random, others)();
}

function withHeader(passed: Passed, name: string, value: string): Passed {
  const rest = passed.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...passed, headers: [...rest, [name, value]] };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isNode(value: Json | undefined): value is Node {
  return typeof value === "object" && value !== null;
}

function nodesIn(value: Json): Node[] {
  return isNode(value) ? [value, ...Object.values(value).flatMap(nodesIn)] : [];
}

function valueAt(node: Node, key: string): Json {
  return Object.entries(node).find(([name]) => name === key)?.[1] ?? null;
}

function setAt(node: Node, key: string, value: Json): void {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
}
