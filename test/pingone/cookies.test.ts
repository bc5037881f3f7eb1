import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cookie } from "../../lib/flow/jar.ts";
import { placeOf } from "../../lib/pingone/cookie-scope.ts";
import { cookieHeader, fittingBesideCode, mergeCookies } from "../../lib/pingone/cookies.ts";
import { sessionCookieSeed } from "../support/seeds.ts";

const now = Date.parse("2026-01-20T19:29:00Z");
const day = 24 * 60 * 60 * 1000;
const baseUrl = "https://auth.pingone.eu/env";

/** Where a cookie without a path is for all requests. */
const anywhere = placeOf(`${baseUrl}/x`, baseUrl);

function merge(held: readonly Cookie[], lines: readonly string[]): Cookie[] {
  return mergeCookies(held, lines, anywhere, now);
}

function header(cookies: readonly Cookie[], when = now): string | undefined {
  return cookieHeader(cookies, anywhere, when);
}

describe("mergeCookies", () => {
  it("reads the documented session cookie, comma in Expires and all", () => {
    const base = "https://auth.pingone.eu/082dba86-d36e-413e-85b4-ee499a5cea55";
    const lines = [sessionCookieSeed, "ST-NO-SS=other; Path=/; Secure"];
    expect(mergeCookies([], lines, placeOf(`${base}/flows/f-1`, base), now)).toStrictEqual([
      { name: "ST", value: "3e0967f4-aba0-479c-86cf-fb5fe5b804d6", expiresAt: now + 30 * day },
      { name: "ST-NO-SS", value: "other", path: "/" },
    ]);
  });

  it("replaces a cookie of the same name, which is then the newest", () => {
    const held = merge([], ["ST=old", "lb=1"]);
    expect(merge(held, ["ST=new", "ST=newest; Path=/env"])).toStrictEqual([
      { name: "lb", value: "1" },
      { name: "ST", value: "newest" },
    ]);
  });

  it.each([
    "ST=; Max-Age=0",
    "ST=x; Max-Age=-1",
    "ST=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "ST=x; Max-Age=0; Expires=Thu, 19 Feb 2026 19:29:00 GMT",
    "ST=x; EXPIRES = Thu, 01-Jan-1970 00:00:01 GMT",
    "ST=x; expires=Thu, 01-Jan-70 00:00:00 GMT; Max-Age=soon",
    "ST=x; MAX-AGE=60; max-age=0",
    'ST="deleted, by us"; Max-Age=0',
    "ST=\u00e9 \\; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ])("drops a cookie at %s", (line) => {
    expect(merge([{ name: "ST", value: "held" }], [line])).toStrictEqual([]);
  });

  it.each([
    ...["ST=new; Expires=0", "ST=new; Expires=-1", "ST=new; expires=86400", "ST=new;Expires=Session"],
    ...['ST=new; Max-Age="0"', "ST=new; Max-Age=0.0", "ST=new; Max-Age=; Expires=", "ST=new; Expires=2001"],
    "ST=new; X-Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ])("keeps, without an end, a cookie whose end is none: %s", (line) => {
    expect(merge([{ name: "ST", value: "held" }], [line])).toStrictEqual([{ name: "ST", value: "new" }]);
  });

  it.each(["STX=; Max-Age=0", "st=; Max-Age=0", "ST=\u20ac", "a b=; Max-Age=0", "=ST; Max-Age=0"])(
    "keeps a cookie at a line that is not about it, or that can't be sent back: %s",
    (line) => {
      expect(merge([{ name: "ST", value: "held" }], [line])).toStrictEqual([{ name: "ST", value: "held" }]);
    },
  );

  it("lets Max-Age beat Expires", () => {
    const lines = ["ST=x; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"];
    expect(merge([], lines)).toStrictEqual([{ name: "ST", value: "x", expiresAt: now + 60_000 }]);
  });

  it("goes by Expires when Max-Age is no number", () => {
    expect(merge([], ["a=1; Max-Age=soon; Expires=Wed, 21 Jan 2026 19:29:00 GMT"])).toStrictEqual([
      { name: "a", value: "1", expiresAt: now + day },
    ]);
  });

  it("gives no cookie more than 400 days", () => {
    const lines = [`a=1; Max-Age=${"9".repeat(400)}`, "b=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT"];
    const expiresAt = now + 400 * day;
    expect(merge([], lines)).toStrictEqual([
      { name: "a", value: "1", expiresAt },
      { name: "b", value: "1", expiresAt },
    ]);
  });

  it("drops what has expired since", () => {
    const held = [
      { name: "a", value: "1", expiresAt: now },
      { name: "b", value: "2", expiresAt: now + 1 },
    ];
    expect(merge(held, [])).toStrictEqual([held[1]]);
  });

  it("ignores lines that are no cookie or can't be sent back", () => {
    const lines = ["", "Secure", "=value", "; Path=/", "a=\u0000", "b=\u20ac", `c=${"x".repeat(4095)}`];
    expect(merge([{ name: "c", value: "held" }], lines)).toStrictEqual([{ name: "c", value: "held" }]);
  });

  it("keeps names that are special to JavaScript", () => {
    expect(merge([], ["__proto__=1", "7=2", "3=3"])).toStrictEqual([
      { name: "__proto__", value: "1" },
      { name: "7", value: "2" },
      { name: "3", value: "3" },
    ]);
  });

  it("keeps the newest twenty", () => {
    const first = Array.from({ length: 20 }, (_, index) => `c${index}=1`);
    const held = merge([], first);
    const later = merge(held, ["ST=late", "c19=2"]);
    expect(later.map(({ name, value }) => `${name}=${value}`)).toStrictEqual([
      ...first.slice(1, 19),
      "ST=late",
      "c19=2",
    ]);
  });

  it("has room for the widest session cookie beside a code", () => {
    const widest = `ST=${"x".repeat(2046)}; Domain=pingone.eu; Path=/; Max-Age=9`;
    const kept = merge([], ["a=1", widest, `b=${"x".repeat(500)}`]);
    expect(kept.map(({ name }) => name)).toStrictEqual(["a", "ST", "b"]);
    expect(fittingBesideCode(kept, anywhere).map(({ name }) => name)).toStrictEqual(["a", "ST"]);
  });

  it("keeps no more than the jar has room for, the newest first and the session cookie before all", () => {
    const lines = ["a", "b", "c", "d"].map((name) => `${name}=${"x".repeat(680)}`);
    const names = (held: readonly Cookie[]) => held.map(({ name }) => name);
    const kept = merge([], ["ST=1", ...lines, "lb=2"]);
    expect(names(kept)).toStrictEqual(["ST", "b", "c", "d", "lb"]);
    expect(names(merge(kept, [`ST=${"x".repeat(2046)}`]))).toStrictEqual(["d", "lb", "ST"]);
    expect(names(merge(kept, [`ST=${"x".repeat(2047)}`]))).toStrictEqual(names(kept));
    const widest = `ST=${"x".repeat(2046)}; Domain=pingone.eu; Path=/; Max-Age=9`;
    expect(names(merge(kept, [`ST=${"y".repeat(2000)}`, widest]))).toContain("ST");
  });

  it.each([
    ["a name that is no token", ["a b=1", "a(=1", "\u00e9=1", '"a"=1', "a,b=1", "a\u0001=1", "=1", "\t=1"]],
    [
      "a value that is none",
      ["a=b c", "a=b,c", 'a=b"c', 'a="b', "a=\\", "a=\u00e9", "a=\u0001", "a=b\r\nc", "a=\u007f"],
    ],
    ["a quoted value that is none", ['a="b c"', 'a="b,c"', 'a="b;c"', 'a="', 'a="b\\"c"', 'a="\u00e9"']],
  ])("keeps nothing that has %s", (_name, lines) => {
    const held = [{ name: "a", value: "held" }];
    expect(merge(held, lines)).toStrictEqual(held);
  });

  const line = fc.record({
    name: fc.constantFrom("ST", "ST-NO-SS", "lb", "__proto__", "12"),
    value: fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,12}$/),
    life: fc.constantFrom(-1, 0, 1, 3600),
    session: fc.boolean(),
  });

  it("holds for each name what its last line says, in any split of the lines", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.nat(30), (lines, cut) => {
        const texts = lines.map(({ name, value, life, session }) =>
          session ? `${name}=${value}; Path=/env` : `${name}=${value}; Max-Age=${life}; Secure`,
        );
        const model = new Map<string, Cookie>();
        for (const { name, value, life, session } of lines) {
          model.set(name, session ? { name, value } : { name, value, expiresAt: now + life * 1000 });
        }
        const alive = [...model.values()].filter(({ expiresAt = now + 1 }) => expiresAt > now);
        const once = merge([], texts);
        const twice = merge(merge([], texts.slice(0, cut)), texts.slice(cut));
        expect(byName(once)).toStrictEqual(byName(alive));
        expect(twice).toStrictEqual(once);
      }),
      { seed: 20260422, numRuns: 300 },
    );
  });
});

describe("cookieHeader", () => {
  it("sends every value byte for byte and no attribute", () => {
    const values = ["a%20b%3D", "%zz", '"quoted=value"', "x=y==", "", '""', "!#$%&'()*+-./:<=>?@[]^_`{|}~"];
    const lines = values.map((value, index) => `n${index}=${value}; Path=/; HttpOnly`);
    const expected = values.map((value, index) => `n${index}=${value}`).join("; ");
    expect(header(merge([], lines))).toBe(expected);
  });

  it("sends nothing that a line can't carry, whatever is held", () => {
    const held = [
      { name: "a", value: "1\r\nX: 2" },
      { name: "b\u0000", value: "1" },
      { name: "c", value: "\u20ac" },
      { name: "d", value: "4" },
    ];
    expect(header(held)).toBe("d=4");
    expect(merge(held, [])).toStrictEqual([held[3]]);
  });

  it("leaves out what has expired, and is nothing without cookies", () => {
    const cookies = merge([], ["a=1; Max-Age=60", "b=2"]);
    expect(header(cookies, now + 60_000)).toBe("b=2");
    expect(header(cookies.slice(0, 1), now + 60_000)).toBeUndefined();
    expect(header([])).toBeUndefined();
  });
});

function byName(cookies: readonly Cookie[]): Cookie[] {
  return cookies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
