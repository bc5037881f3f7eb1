import { pick, type Random } from "./random.ts";

/** What a server that keeps to HTTP never sends, but a parser of HTTP lets through. */
const oddCharacters = [
  "\t",
  "\u0080",
  "\u009f",
  "\u00a0",
  "\u00e9",
  "\u00ff",
  " ",
  '"',
  ",",
  "\\",
  "=",
  "(",
  "@",
];
/** What ends a head at once for a strict parser. */
const breaking = ["\u0000", "\u0001", "\u0008", "\u000b", "\u001b", "\u007f"];

const oddNames = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "0", "$", "__Host-ST"];
const attributes = [
  "Path=/",
  "Secure",
  "HttpOnly",
  "SameSite=None",
  "Domain=.canary.example",
  "Path=/..;/",
  "Priority=x",
];
const lives = [
  "Max-Age=0",
  "Max-Age=-1",
  "Max-Age=-99999999999999999999",
  "Max-Age=99999999999999999999999999",
  "Max-Age=1e309",
  "Max-Age=NaN",
  "Max-Age=0x7fffffff",
  "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  "Expires=Fri, 31 Dec 9999 23:59:59 GMT",
  "Expires=+275760-09-13T00:00:00.000Z",
  "Expires=soon",
  "Expires=-1",
];

/** Where no cookie of the session's own place is meant. */
const elsewhere = ["Path=/", "Path=/signon", "Path=/other/flows", "Domain=elsewhere.example", "Domain=1"];

type Shape = (random: Random) => string;

const word: Shape = (random) => random.below(2 ** 30).toString(36);
const name: Shape = (random) => (random.chance(0.3) ? pick(random, oddNames) : `c${word(random)}`);
const spoilt: Shape = (random) => `${word(random)}${pick(random, oddCharacters)}${word(random)}`;

const shapes: readonly Shape[] = [
  (random) => `${name(random)}=${word(random)}`,
  (random) => `${name(random)}=${spoilt(random)}`,
  (random) => `${spoilt(random)}=${word(random)}`,
  (random) => `ST=${word(random)}${pick(random, [" ", ",", '"', "\\", "\u00e9", "\t-"])}${word(random)}`,
  (random) => `ST=${"x".repeat(2047 + random.below(2000))}`,
  (random) => `"ST"=${word(random)}`,
  (random) => `ST=${word(random)}; ${pick(random, elsewhere)}; ${pick(random, lives)}`,
  (random) => `${name(random)}="${word(random)}"`,
  (random) => `${name(random)}="${word(random)};${word(random)}"`,
  (random) => `${name(random)}=${"x".repeat(random.below(5000))}`,
  (random) => `${"n".repeat(random.below(3000))}=${word(random)}`,
  (random) => `=${word(random)}`,
  (random) => `;${word(random)}=${word(random)};=;;`,
  (random) => `${name(random)}`,
  (random) => `${name(random)}=${word(random)}; ${pick(random, lives)}`,
  (random) => `${name(random)}=${word(random)};${pick(random, attributes)};${pick(random, attributes)}`,
  (random) => `${name(random)}=${word(random)};${"; ".repeat(random.below(500))}`,
  (random) => `${name(random)}=${word(random)}; __proto__=x; constructor=y; ${pick(random, lives)}`,
  (random) => `${name(random)}=${word(random)}\r\nX-Injected: ${word(random)}`,
  (random) => `${name(random)}=${word(random)}\r\nSet-Cookie: lb${word(random)}=${word(random)}`,
  (random) => `same=${word(random)}; ${pick(random, lives)}`,
  () => "",
];

/**
 * A `Set-Cookie` line of the worst kind that still leaves an answer that can be parsed, and never an `ST` for
 * the session's own place.
 */
export function hostileLine(random: Random): string {
  return pick(random, shapes)(random);
}

/** One that leaves none: a strict parser of HTTP gives the whole answer up. */
export function breakingLine(random: Random): string {
  return `${name(random)}=${word(random)}${pick(random, breaking)}${word(random)}`;
}

/** As short as a line can be: an answer has room for hundreds. */
export function shortLine(random: Random): string {
  return `${word(random)}=`;
}
