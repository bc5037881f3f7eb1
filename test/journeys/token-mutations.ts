import { pick, type Random } from "../prove/kit/random.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

type Mutation = (token: string, random: Random) => string;

/** Claims and header members that somebody would like to be otherwise. */
const wishes: readonly Readonly<Record<string, unknown>>[] = [
  { sub: "7d0e4a52-61c3-4f0b-8a55-000000000001" },
  { exp: 4_102_444_800 },
  { iat: 4_102_444_800 },
  { aud: "another" },
  { aud: [] },
  { azp: "another" },
  { iss: "https://auth.pingone.eu/another/as" },
];

const headerWishes: readonly Readonly<Record<string, unknown>>[] = [
  ...["none", "None", "HS256", "RS384", "ES256", "", null].map((alg) => ({ alg })),
  { kid: "another" },
  { kid: null },
  { crit: ["exp"] },
];

const mutations: readonly Mutation[] = [
  // One character is another.
  (token, random) => replacedAt(token, random.below(token.length), pick(random, [...alphabet])),
  // One is missing, or there twice.
  (token, random) => cutAt(token, random.below(token.length), 1),
  (token, random) => {
    const at = random.below(token.length);
    return `${token.slice(0, at)}${token.slice(at, at + 1)}${token.slice(at)}`;
  },
  // The end is missing.
  (token, random) => token.slice(0, 1 + random.below(token.length - 1)),
  (token, random) => withMembers(token, 0, pick(random, headerWishes)),
  (token, random) => withMembers(token, 1, pick(random, wishes)),
  // No signature, or any.
  (token) => `${token.split(".").slice(0, 2).join(".")}.`,
  (token, random) => {
    const signature = Array.from({ length: 342 }, () => pick(random, [...alphabet])).join("");
    return [...token.split(".").slice(0, 2), signature].join(".");
  },
];

/** So many tokens that are like another and none of which is it. */
export function mutationsOf(token: string, random: Random, count: number): string[] {
  const found: string[] = [];
  while (found.length < count) {
    const mutated = pick(random, mutations)(token, random);
    if (mutated !== token) found.push(mutated);
  }
  return found;
}

function replacedAt(text: string, at: number, by: string): string {
  return `${text.slice(0, at)}${by}${text.slice(at + 1)}`;
}

function cutAt(text: string, at: number, length: number): string {
  return `${text.slice(0, at)}${text.slice(at + length)}`;
}

function withMembers(token: string, part: 0 | 1, members: Readonly<Record<string, unknown>>): string {
  const parts = token.split(".");
  const before: unknown = JSON.parse(Buffer.from(parts[part] ?? "", "base64url").toString("utf8"));
  const after = Buffer.from(JSON.stringify({ ...Object(before), ...members })).toString("base64url");
  return parts.with(part, after).join(".");
}
