import { isAppOrigin } from "../../lib/addresses.ts";
import type { Environment } from "../environment.ts";
import { standingOf } from "./hosts.ts";

/** A setting that names a host. */
interface Address {
  /** Its name, as a sentence has it. */
  readonly setting: string;
  readonly url: string;
}

/**
 * Where hybrid apps have their pages beside schemes of their own: Capacitor's on Android, Tauri's on Windows
 * and Android. They are compared as a whole, so that no other port or name of that machine comes with them.
 *
 * https://capacitorjs.com/docs/config and https://v2.tauri.app/reference/config/#usehttpsscheme
 */
const appPages: readonly string[] = ["https://localhost", "https://tauri.localhost"];

/**
 * What can't be the address of anything in production: one sentence each. Stand-ins have the address of a
 * machine, or `localhost`, or a name that belongs to nobody, in one spelling or another. These are refused:
 * no real deployment has them.
 */
export function addressFaults(settings: Environment): string[] {
  return [
    ...pingOneFaults(settings.pingOne.baseUrl),
    ...redirectsOf(settings).flatMap(redirectFaults),
    ...pagesOf(settings).flatMap(pageFaults),
    ...passkeysOf(settings).flatMap(passkeyFaults),
    ...domainOf(settings)
      .filter(({ url }) => standing(url) === "reserved")
      .map(({ setting }) => `${setting}: Production's domain is no reserved name.`),
  ];
}

/** Names that only a company's own network knows, by the setting. An app for employees may live there. */
export function addressWarnings(settings: Environment): ReadonlyMap<string, string> {
  const internal = [...redirectsOf(settings), ...pagesOf(settings), ...domainOf(settings)].filter(
    ({ url }) => schemeOf(url) === "https:" && standing(url) === "internal",
  );
  const sentence =
    "is no name of the public internet. That is right for an app inside a network of yours only.";
  return new Map(internal.map(({ setting }) => [setting, `${setting}: The host ${sentence}`]));
}

function pingOneFaults(url: string): string[] {
  const sentences = [
    ...(schemeOf(url) === "https:" ? [] : ["Production reaches PingOne by https."]),
    ...(standing(url) === "public"
      ? []
      : ["Production's PingOne is a public host: no address, loopback or reserved name, so no simulator."]),
  ];
  return sentences.map((sentence) => `pingOne.baseUrl: ${sentence}`);
}

/** No loopback either: nobody vouches for what listens there. Native apps have schemes (RFC 8252 §7.1). */
function redirectFaults({ setting, url }: Address): string[] {
  if (schemeOf(url) === "http:") {
    return [`${setting}: Production sends codes to https or to an app's own scheme.`];
  }
  const isReserved = schemeOf(url) === "https:" && standing(url) === "reserved";
  return isReserved ? [`${setting}: Production sends codes to no address, loopback or reserved name.`] : [];
}

function pageFaults({ setting, url }: Address): string[] {
  if (isAppOrigin(url) || appPages.includes(url)) return [];
  if (schemeOf(url) !== "https:") {
    return [`${setting}: Production allows origins of https and of hybrid apps only.`];
  }
  const isReserved = standing(url) === "reserved";
  return isReserved
    ? [`${setting}: Production allows no origin at an address, loopback or reserved name.`]
    : [];
}

function passkeyFaults({ setting, url }: Address): string[] {
  const isRefused = !url.startsWith("android:") && standing(url) === "reserved";
  return isRefused ? [`${setting}: Production takes passkeys at no address, loopback or reserved name.`] : [];
}

function passkeysOf({ applications }: Environment): Address[] {
  return Object.entries(applications).flatMap(([name, { passkeyOrigins = [] }]) =>
    passkeyOrigins.map((url, at) => ({ setting: `applications.${name}.passkeyOrigins.${at}`, url })),
  );
}

function redirectsOf({ applications }: Environment): Address[] {
  return Object.entries(applications).map(([name, { redirectUri }]) => ({
    setting: `applications.${name}.redirectUri`,
    url: redirectUri,
  }));
}

function pagesOf({ allowedOrigins }: Environment): Address[] {
  return allowedOrigins.map((url, index) => ({ setting: `allowedOrigins.${index}`, url }));
}

function domainOf({ domain }: Environment): Address[] {
  return domain === undefined ? [] : [{ setting: "domain.name", url: `https://${domain.name}` }];
}

function schemeOf(url: string): string | undefined {
  return URL.parse(url)?.protocol;
}

function standing(url: string) {
  return standingOf(URL.parse(url)?.hostname ?? "");
}
