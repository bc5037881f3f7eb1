import { fromOwnSite } from "../../support/browser-client.ts";
import { cookieOf, type HeaderLines } from "./by-cookie.ts";

/** How a body is put: what a form can send, or what only a script can. */
export type Encoding = "form" | "json" | "multipart" | "text";

/** A request of another site's page, or one that looks like ours. */
export interface Shape {
  readonly name: string;
  readonly headers: HeaderLines;
  readonly encoding: Encoding;
  /** What is sent as cookies, where it is more or other than the victim's own. A start looks at none. */
  readonly cookie?: (own: string, others: string) => string;
}

const own = fromOwnSite.origin;
const evil = "https://evil.test";

const site = (word: string) => ["Sec-Fetch-Site", word] as const;
const from = (origin: string) => ["Origin", origin] as const;
const mode = (word: string, dest: string) =>
  [
    ["Sec-Fetch-Mode", word],
    ["Sec-Fetch-Dest", dest],
  ] as const;

const another = [from(evil), site("cross-site")] as const;
const posted = [...another, ...mode("navigate", "document"), ["Sec-Fetch-User", "?1"]] as const;
const noCors = [...another, ...mode("no-cors", "empty")] as const;

/**
 * An origin that is not ours, from a page of which a browser says that it is on our site: so it stands alone.
 */
function wrongOrigin(name: string, origin: string): Shape {
  return { name, encoding: "json", headers: [from(origin), site("same-site"), ...mode("cors", "empty")] };
}

/** The right origin, with something else than a browser says of our pages. */
function wrongSite(name: string, ...sites: string[]): Shape {
  return { name, encoding: "json", headers: [from(own), ...sites.map(site), ...mode("cors", "empty")] };
}

/** Every shape, each of another kind. */
export const shapes: readonly Shape[] = [
  { name: "a form", encoding: "form", headers: posted },
  { name: "a form in text/plain", encoding: "text", headers: posted },
  { name: "a multipart form", encoding: "multipart", headers: posted },
  { name: "a no-cors fetch", encoding: "text", headers: noCors },
  { name: "a beacon of JSON", encoding: "json", headers: noCors },
  { name: "a cors fetch", encoding: "json", headers: [...another, ...mode("cors", "empty")] },
  { name: "a cors fetch of an old browser", encoding: "json", headers: [from(evil)] },
  { name: "a navigation", encoding: "json", headers: [site("cross-site"), ...mode("navigate", "document")] },
  { name: "an image", encoding: "json", headers: [site("cross-site"), ...mode("no-cors", "image")] },
  { name: "a script", encoding: "json", headers: [site("cross-site"), ...mode("no-cors", "script")] },
  { name: "no header at all", encoding: "json", headers: [] },
  { name: "no origin", encoding: "json", headers: [site("same-site")] },
  {
    name: "a referrer in an origin's place",
    encoding: "json",
    headers: [["Referer", `${own}/`], site("same-site")],
  },
  {
    name: "forwarded headers",
    encoding: "json",
    headers: [from(evil), site("same-site"), ["X-Forwarded-Host", "app.example.com"], ["X-Origin", own]],
  },
  { name: "a method override", encoding: "form", headers: [...posted, ["X-HTTP-Method-Override", "GET"]] },
  {
    name: "an Authorization that is none",
    encoding: "json",
    headers: [...another, ["Authorization", "none"]],
  },
  { name: "a sandboxed page", encoding: "form", headers: [from("null"), site("cross-site")] },
  wrongOrigin("a null origin", "null"),
  wrongOrigin("an empty origin", ""),
  wrongOrigin("a subdomain", "https://x.app.example.com"),
  wrongOrigin("a neighbour", "https://blog.example.com"),
  wrongOrigin("the parent", "https://example.com"),
  wrongOrigin("the suffix trick", `${own}.evil.test`),
  wrongOrigin("the prefix trick", "https://evilapp.example.com"),
  wrongOrigin("a user's name", `${own}@evil.test`),
  wrongOrigin("another scheme", "http://app.example.com"),
  wrongOrigin("another port", `${own}:8443`),
  wrongOrigin("the port spelled out", `${own}:443`),
  wrongOrigin("upper case", "https://APP.example.com"),
  wrongOrigin("a dot at the end", `${own}.`),
  wrongOrigin("a slash at the end", `${own}/`),
  wrongOrigin("a dot as any character", "https://appXexample.com"),
  wrongOrigin("two origins in one header", `${own}, ${evil}`),
  wrongOrigin("two origins with a blank", `${evil} ${own}`),
  {
    name: "two Origin headers, ours the last",
    encoding: "json",
    headers: [from(evil), from(own), site("same-site")],
  },
  wrongSite("no Sec-Fetch-Site"),
  wrongSite("cross-site", "cross-site"),
  wrongSite("a person's own doing", "none"),
  wrongSite("upper-case Sec-Fetch-Site", "Same-Site"),
  wrongSite("two words for the site", "cross-site, same-site"),
  wrongSite("two Sec-Fetch-Site headers", "cross-site", "same-site"),
  {
    ...wrongSite("another flow's cookie", "same-site"),
    cookie: (_, others) => cookieOf(others),
  },
  {
    ...wrongSite("another flow's cookie beside its own", "same-site"),
    cookie: (own, others) => `${cookieOf(own)}; ${cookieOf(others)}`,
  },
  {
    ...wrongSite("its own cookie behind another's", "same-site"),
    cookie: (own, others) => `${cookieOf(others)}; ${cookieOf(own)}`,
  },
];

/** A body as a page can put it, and the type that it is sent under. */
export function encoded(
  body: Readonly<Record<string, unknown>>,
  encoding: Encoding,
): { type: string; text: string } {
  const json = JSON.stringify(body);
  switch (encoding) {
    case "form":
      return {
        type: "application/x-www-form-urlencoded",
        text: new URLSearchParams(textsOf(body)).toString(),
      };
    case "text":
      // What a form makes of a field whose name is all of the JSON but its end.
      return { type: "text/plain", text: `${json.slice(0, -1)},"pad":"="}` };
    case "multipart": {
      const fields = textsOf(body).map(
        ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
      return { type: "multipart/form-data; boundary=x", text: `${fields.join("")}--x--\r\n` };
    }
    case "json":
      return { type: "application/json", text: json };
  }
}

/** A form has texts for values. */
function textsOf(body: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(body).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}
