/**
 * A URL that somebody gave, as it may be printed: a user name, a password, a query or a fragment may be
 * secret, and so may be anything that is no URL of the web.
 *
 * @returns origin and path; nothing for what has more in it, or is none
 */
export function printableUrl(given: string): string | undefined {
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const { origin, pathname, username, password } = url;
  return username === "" && password === "" && !/[?#]/.test(given)
    ? origin + pathname.replace(/\/$/, "")
    : undefined;
}
