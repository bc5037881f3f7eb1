import type { Environment } from "../../environment.ts";

/** What no harmless call can see at PingOne, for somebody to look at in its console. */
export function settingsToLookAt({ applications, allowedOrigins, egress }: Environment): string[] {
  const all = Object.values(applications);
  const hasPage = allowedOrigins.some((origin) => origin.startsWith("http"));
  return [
    "Sessions: how long one lasts, and idle; a person has ten at most (Authentication, Session).",
    "Tokens: how long access, ID and refresh tokens last, and whether a refresh token is used once (the application's tab Configuration).",
    "Tokens after the session's end: Skip token session validation on the application.",
    "Passwords: after how many wrong ones an account is locked; limits.names.perName should be below (Authentication, Password).",
    "Second factors: which methods are on, a code's length, and when a device is locked (Authentication, MFA).",
    "Messages: their quota a day, and their templates (Settings, Notifications).",
    "People: whether the test person's groups may use the application (its tab Access).",
    ...(all.some(
      ({ clientAuthentication }) => clientAuthentication !== undefined && clientAuthentication !== "none",
    )
      ? [
          "Secrets: whether the one in Secrets Manager is the application's, and goes as basic or post (npm run doctor -- --api).",
        ]
      : []),
    ...(hasPage && all.some(({ clientAuthentication }) => clientAuthentication === undefined)
      ? [
          "CORS: the origins of pages that redeem their codes at PingOne themselves (the application's tab Configuration).",
        ]
      : []),
    ...(all.some(({ passkeyOrigins = [] }) => passkeyOrigins.length > 0)
      ? ["Passkeys: the relying party's id, which has to fit passkeyOrigins (Authentication, MFA, FIDO)."]
      : []),
    ...(egress === "static"
      ? ["Rate limits: the addresses that the stack puts out, registered (Settings, Rate limits)."]
      : []),
  ];
}
