import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cookie } from "../../lib/flow/jar.ts";
import { type CookiePlace, placeOf } from "../../lib/pingone/cookie-scope.ts";
import { cookieHeader, mergeCookies } from "../../lib/pingone/cookies.ts";

const now = Date.parse("2026-01-20T19:29:00Z");
const base = "https://auth.pingone.eu/env";
/** A custom domain, which has no environment in its paths. */
const custom = "https://auth.example.com";

const requests = ["/as/authorize", "/flows/f-1", "/flows/f-2", "/as/resume?flowId=f-1"] as const;
type Path = (typeof requests)[number];

function at(path: Path, baseUrl = base): CookiePlace {
  return placeOf(`${baseUrl}${path}`, baseUrl);
}

function held(lines: readonly string[], path: Path = "/flows/f-1", baseUrl = base): Cookie[] {
  return mergeCookies([], lines, at(path, baseUrl), now);
}

/** The requests that a cookie goes with, once it has come with the answer to one. */
function sentTo(line: string, cameWith: Path, baseUrl = base): readonly string[] {
  const cookies = held([line], cameWith, baseUrl);
  return requests.filter((path) => cookieHeader(cookies, at(path, baseUrl), now) !== undefined);
}

const all = [...requests];
const flows = ["/flows/f-1", "/flows/f-2"];
const oauth = ["/as/authorize", "/as/resume?flowId=f-1"];

describe("the path of a cookie (RFC 6265 §5.1.4)", () => {
  it.each<[string, readonly string[]]>([
    ["Path=/env", all],
    ["Path=/env/", all],
    ["Path=/", all],
    ["path = /env ", all],
    ["Path=/env/flows", flows],
    ["Path=/env/flows/", flows],
    ["Path=/env/flows/f-1", ["/flows/f-1"]],
    ["Path=/env/flows/f-1/", []],
    ["Path=/env/flows/f", []],
    ["Path=/env/as", oauth],
    ["Path=/env/as/resume", ["/as/resume?flowId=f-1"]],
    ["Path=/en", []],
    ["Path=/environment", []],
    ["Path=/ENV", []],
    ["Path=/other", []],
    ["Path=/env/../env", []],
    ["Path=/other; Path=/env", all],
    ["Path=/env; Path=/other", []],
  ])("%s", (attribute, told) => {
    expect(sentTo(`a=1; ${attribute}`, "/flows/f-1")).toStrictEqual(told);
  });

  it.each(["", "; Path", "; Path=", "; Path=env", '; Path="/env"', "; Path=/env; Path=", "; path=*"])(
    "is the default where it is%s none",
    (attribute) => {
      expect(sentTo(`a=1${attribute}`, "/flows/f-1")).toStrictEqual(flows);
      expect(sentTo(`a=1${attribute}`, "/as/resume?flowId=f-1")).toStrictEqual(oauth);
      expect(sentTo(`a=1${attribute}`, "/flows/f-1", custom)).toStrictEqual(flows);
    },
  );

  it("is by default the path up to its last slash, and the whole host's where there is no other", () => {
    const lines = ["a=1"];
    const path = (url: string) => mergeCookies([], lines, placeOf(url, custom), now)[0]?.path;
    expect(path(`${custom}/flows/f-1`)).toBe("/flows");
    expect(path(`${custom}/flows/f-1/x`)).toBe("/flows/f-1");
    // The base URL's own, which a jar doesn't name.
    expect(mergeCookies([], lines, placeOf(`${custom}/x`, custom), now)).toStrictEqual([
      { name: "a", value: "1" },
    ]);
  });

  it("is the whole host's on a custom domain, where nothing else is said", () => {
    expect(sentTo("a=1; Path=/", "/as/authorize", custom)).toStrictEqual(all);
    expect(held(["a=1; Path=/"], "/as/authorize", custom)).toStrictEqual([{ name: "a", value: "1" }]);
  });
});

describe("the domain of a cookie (RFC 6265 §5.1.3)", () => {
  it.each<[string, Partial<Cookie> | undefined]>([
    ["", {}],
    ["Domain=auth.pingone.eu", {}],
    ["Domain=.AUTH.pingone.eu", {}],
    ["Domain=pingone.eu", { domain: "pingone.eu" }],
    ["Domain=.PingOne.EU", { domain: "pingone.eu" }],
    ["Domain=", {}],
    ["Domain", {}],
    ["Domain=ingone.eu", undefined],
    ["Domain=h.pingone.eu", undefined],
    ["Domain=my.auth.pingone.eu", undefined],
    ["Domain=api.pingone.eu", undefined],
    ["Domain=pingone.eu.", undefined],
    ["Domain=auth.pingone.com", undefined],
    ["Domain=..pingone.eu", undefined],
  ])("%s", (attribute, told) => {
    const expected = told === undefined ? [] : [{ name: "a", value: "1", ...told }];
    expect(held([`a=1; ${attribute}; Path=/env`])).toStrictEqual(expected);
  });

  it("has no part of an address", () => {
    const hosts = ["http://127.0.0.1:8080/env", "http://[::1]/env"];
    for (const [index, local] of hosts.entries()) {
      const own = ["127.0.0.1", "[::1]"][index];
      expect(sentTo(`a=1; Domain=${own}; Path=/env`, "/flows/f-1", local)).toStrictEqual(all);
      for (const part of ["0.0.1", "1", "::1]"]) {
        expect(sentTo(`a=1; Domain=${part}; Path=/env`, "/flows/f-1", local)).toStrictEqual([]);
      }
    }
  });

  it("keeps a cookie from a host that it was not set for, whatever the jar holds", () => {
    const moved = [{ name: "a", value: "1", domain: "pingone.eu" }];
    expect(cookieHeader(moved, at("/flows/f-1"), now)).toBe("a=1");
    expect(cookieHeader(moved, at("/flows/f-1", custom), now)).toBeUndefined();
  });
});

describe("cookies of one name (RFC 6265 §5.3)", () => {
  const session = "ST=session; Path=/env; Max-Age=2592000; Secure; HttpOnly; SameSite=None";
  const resumes = (lines: readonly string[], path: Path = "/flows/f-1") =>
    cookieHeader(
      lines.reduce<Cookie[]>((jar, line) => mergeCookies(jar, [line], at(path), now), []),
      at("/as/resume?flowId=f-1"),
      now,
    );

  it.each([
    "ST=; Path=/; Max-Age=0",
    "ST=; Path=/env/; Max-Age=0",
    "ST=; Path=/env/flows; Max-Age=0",
    "ST=; Path=/env/signon; Max-Age=0",
    "ST=; Path=/other; Max-Age=0",
    "ST=; Max-Age=0",
    "ST=; Path=/env; Domain=pingone.eu; Max-Age=0",
    "ST=; Path=/env; Domain=elsewhere.example; Max-Age=0",
    "ST=other; Path=/other",
    "ST=other; Path=/env/flows",
    "st=; Path=/env; Max-Age=0",
  ])("leave the session where it is at %s", (line) => {
    expect(resumes([session, line])).toBe("ST=session");
    expect(resumes([line, session])).toBe("ST=session");
  });

  it.each(["ST=; Path=/env; Max-Age=0", "ST=; Path=/env; Domain=auth.pingone.eu; Max-Age=0"])(
    "end the session at %s",
    (line) => {
      expect(resumes([session, line])).toBeUndefined();
    },
  );

  it("go the longest path first, and of the same length the older first", () => {
    const lines = ["a=1; Path=/", "b=2; Path=/env", "c=3; Path=/env/as", "d=4; Path=/env", "e=5; Path=/"];
    const twins = ["b=6; Path=/", "b=7; Path=/env/as/resume"];
    expect(resumes([...lines, ...twins])).toBe("b=7; c=3; b=2; d=4; a=1; e=5; b=6");
  });

  it("fill no jar where they would go with no request of ours", () => {
    const useless = Array.from({ length: 30 }, (_, index) => `u${index}=1; Path=/env/signon`);
    expect(held([session, ...useless])).toHaveLength(1);
    expect(held([session, `ST=${"x".repeat(2_000)}; Path=/env/davinci`, session])).toHaveLength(1);
  });

  it("have room by their bytes, whatever letters their paths have", () => {
    const lines = Array.from({ length: 9 }, (_, n) => `a${n}=1; Path=/env/flows/${"\u00e9".repeat(400)}`);
    const jar = held([session, ...lines]);
    expect(jar.length).toBeGreaterThan(2);
    expect(Buffer.byteLength(JSON.stringify(jar))).toBeLessThanOrEqual(2816);
  });

  it("leave the session its room where another of its name comes later and is longer", () => {
    const other = `ST=${"x".repeat(2_000)}; Path=/env/flows`;
    expect(resumes([session, other])).toBe("ST=session");
    expect(resumes([`ST=${"y".repeat(2_000)}; Path=/env`, other])).toBe(`ST=${"y".repeat(2_000)}`);
  });

  it("are read from a jar that knew neither path nor domain as it was meant: for every request", () => {
    const old = [{ name: "ST", value: "old" }];
    for (const path of requests) expect(cookieHeader(old, at(path), now)).toBe("ST=old");
    expect(mergeCookies(old, [session], at("/flows/f-1"), now)).toMatchObject([{ value: "session" }]);
    expect(mergeCookies(old, ["ST=; Max-Age=0; Path=/env"], at("/flows/f-1"), now)).toStrictEqual([]);
  });

  const line = fc.record({
    name: fc.constantFrom("ST", "lb"),
    value: fc.stringMatching(/^[a-z]{0,4}$/),
    domain: fc.constantFrom(undefined, "pingone.eu", "auth.pingone.eu", ".auth.pingone.eu"),
    path: fc.constantFrom(undefined, "/", "/env", "/env/", "/env/flows", "/env/as", "/other"),
    life: fc.constantFrom(undefined, 0, 60),
    cameWith: fc.constantFrom(...requests),
  });

  it("each say what their own last line said, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const jar = lines.reduce<Cookie[]>(
          (before, one) => mergeCookies(before, [textOf(one)], at(one.cameWith), now),
          [],
        );
        const told = jar.map(({ name, value, domain = "auth.pingone.eu", path = "/env" }) =>
          [name, domain, path, value].join(" "),
        );
        expect(told.sort()).toStrictEqual(model(lines).sort());
      }),
      { seed: 20260422, numRuns: 500 },
    );
  });
});

interface Line {
  readonly name: string;
  readonly value: string;
  readonly domain: string | undefined;
  readonly path: string | undefined;
  readonly life: number | undefined;
  readonly cameWith: Path;
}

function textOf({ name, value, domain, path, life }: Line): string {
  const attributes = Object.entries({ Domain: domain, Path: path, "Max-Age": life }).flatMap(
    ([attribute, said]) => (said === undefined ? [] : [`; ${attribute}=${said}`]),
  );
  return `${name}=${value}${attributes.join("")}`;
}

/** The cookies that are alive after these lines, less those for other paths than ours. */
function model(lines: readonly Line[]): string[] {
  const byIdentity = new Map<string, Line>();
  for (const one of lines) {
    const domain = one.domain === "pingone.eu" ? one.domain : "auth.pingone.eu";
    const { path = one.cameWith.startsWith("/flows") ? "/env/flows" : "/env/as" } = one;
    byIdentity.set([one.name, domain, path].join(" "), one);
  }
  return [...byIdentity].flatMap(([identity, { life, value }]) =>
    life === 0 || identity.endsWith("/other") ? [] : [`${identity} ${value}`],
  );
}
