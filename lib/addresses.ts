/** A name by the letters of DNS, or an address, as a URL parser spells it. Some names have an underscore. */
const host = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])$/;

/** An app's own name for its pages: nothing looks it up. Electron's is often a single dot. */
const appHost = /^(?:\.|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/;

/**
 * The schemes under which hybrid apps load their own pages, so the origins that their WebViews send.
 *
 * https://capacitorjs.com/docs/config (`iosScheme`),
 * https://github.com/ionic-team/cordova-plugin-ionic-webview,
 * https://v2.tauri.app/security/csp/, https://www.electronjs.org/docs/latest/api/protocol
 */
const appSchemes: readonly string[] = ["app:", "capacitor:", "ionic:", "tauri:"];

/** RFC 3986 §2: what a URI may be written in. */
const uriCharacters = /^[\w.~:/?#[\]@!$&'()*+,;=%-]+$/;

/** Where a native app may listen for its code (RFC 8252 §7.3). */
const loopback: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

/**
 * What is wrong with the host of a URL, in one sentence that never repeats it; nothing when it can be used.
 *
 * @param hostname as `URL` gives it, so that every spelling of an address has become one
 */
export function hostFault(hostname: string): string | undefined {
  if (hostname.endsWith(".")) {
    return "A host name has no dot at its end: to whoever compares, it is another name.";
  }
  return host.test(hostname)
    ? undefined
    : "A host is an address, or a name of letters, digits, hyphens and dots.";
}

/**
 * What is wrong with an origin, in one sentence that never repeats it; nothing when it can be compared, as a
 * whole, with what a browser or a WebView sends (RFC 6454 §6.2). `URL.origin` is no measure: of an app's own
 * scheme it is "null", and it may have any character that a URL parser forgives.
 */
export function originFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || `${url.protocol}//${url.host}` !== text) {
    return "An allowed origin is exactly scheme, host and port.";
  }
  if (appSchemes.includes(url.protocol)) {
    return appHost.test(url.hostname) ? undefined : "An app's origin is its scheme and a plain name.";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `An allowed origin has the scheme https, http, or a hybrid app's: ${appSchemes.join(" ")}`;
  }
  return hostFault(url.hostname);
}

/** Whether an origin is a hybrid app's, by its scheme. */
export function isAppOrigin(origin: string): boolean {
  return appSchemes.some((scheme) => origin.startsWith(`${scheme}//`));
}

/**
 * What is wrong with a redirect URI, in one sentence that never repeats it; nothing when a code may be sent
 * there: https, an app's own scheme (RFC 8252 §7.1), or http on loopback (§7.3).
 */
export function redirectUriFault(text: string): string | undefined {
  const uri = URL.parse(text);
  if (uri === null || !uriCharacters.test(text)) return "A redirect URI is an absolute URI (RFC 3986).";
  if (uri.username !== "" || uri.password !== "" || text.includes("#")) {
    return "A redirect URI has neither credentials nor a fragment.";
  }
  if (["code", "state", "error"].some((own) => uri.searchParams.has(own))) {
    return "A redirect URI has no code, state or error of its own.";
  }
  if (/^https?:$/.test(uri.protocol)) return webRedirectFault(uri, text);
  return uri.protocol.includes(".")
    ? undefined
    : "A redirect URI is https, or has an app's scheme with a dot.";
}

function webRedirectFault({ protocol, hostname }: URL, text: string): string | undefined {
  // A URL parser forgives a slash too few, and an address in another spelling; PingOne compares the text.
  const plain = `${protocol}//${hostname}`;
  if (!text.toLowerCase().startsWith(plain) || !/^([:/?]|$)/.test(text.slice(plain.length))) {
    return "A redirect URI has its host in the plain form.";
  }
  if (protocol === "http:" && !loopback.includes(hostname)) {
    return "A redirect URI is https; http is for loopback addresses only.";
  }
  return hostFault(hostname);
}

/**
 * What is wrong with an origin that passkeys may be used at, in one sentence that never repeats it; nothing
 * when it can be compared with what a browser or an app signs: https, http on this machine alone, or an
 * Android app's, which is a hash of its signing certificate.
 *
 * https://developer.android.com/identity/sign-in/credential-manager#verify-origin
 */
export function passkeyOriginFault(text: string): string | undefined {
  if (/^android:apk-key-hash:[A-Za-z0-9_-]{43}$/.test(text)) return undefined;
  const url = URL.parse(text);
  if (url?.origin !== text) return "A passkey's origin is scheme, host and port alone, or an Android app's.";
  const isWeb = url.protocol === "https:" || (url.protocol === "http:" && url.hostname === "localhost");
  return isWeb ? hostFault(url.hostname) : "A passkey's origin is https, or http on localhost.";
}
