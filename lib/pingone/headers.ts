import type { DeviceContext } from "../flow/provider.ts";
import { ownUserAgent, type PingOneSettings } from "./settings.ts";

/** Characters, which are bytes: with a full jar of cookies all headers stay below PingOne's limit of 6 KB. */
const maxUserAgentLength = 256;
const maxLanguageLength = 256;

/**
 * What every request to PingOne says of us and of the person's device. There is always a `User-Agent`,
 * because firewalls often refuse a request without one, and no coding of the answer is asked for.
 *
 * No `Authorization`: PingOne answers 401 to one (docs/pingone.md §1.5). `application/json` alone may get
 * 406.
 */
export function commonHeaders(
  { forwardUserAgent, forwardAcceptLanguage }: PingOneSettings,
  { userAgent = "", acceptLanguage = "" }: DeviceContext,
): Record<string, string> {
  const languages = forwardAcceptLanguage ? languagesIn(acceptLanguage) : "";
  return {
    accept: "*/*",
    "accept-encoding": "identity",
    "user-agent": (forwardUserAgent ? printable(userAgent) : "") || ownUserAgent,
    ...(languages === "" ? {} : { "accept-language": languages }),
  };
}

/** A device may claim anything: what no header can carry is left out, and what is too long is cut. */
function printable(text: string): string {
  return text
    .replace(/\s/g, " ")
    .replace(/[^ -~]/g, "")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, maxUserAgentLength)
    .trimEnd();
}

/**
 * The first languages of a list that have room (RFC 9110 §12.5.4); a text that no header can carry is no
 * list.
 */
function languagesIn(text: string): string {
  if (!/^[ -~]*$/.test(text)) return "";
  if (text.length <= maxLanguageLength) return text.trim();
  return text
    .slice(0, text.lastIndexOf(",", maxLanguageLength) + 1)
    .replace(/[, ]+$/, "")
    .trim();
}
