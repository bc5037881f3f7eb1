/** Names of what Step Functions would keep for 90 days: in small letters, without what stands between words. */
const secretNames: ReadonlySet<string> = new Set([
  "accesstoken",
  "authorization",
  "authorizationcode",
  "clientsecret",
  "code",
  "codeverifier",
  "cookie",
  "cookies",
  // The private part of a JWK (RFC 7518 §6.2.2, RFC 8037 §2).
  "d",
  "flowtoken",
  "idtoken",
  "pin",
  "pwd",
  "refreshtoken",
  "secret",
  "sessionid",
  "sessiontoken",
  "setcookie",
  // PingOne's session cookie.
  "st",
  "token",
]);

const secretEnding = /(otp|otpcode|passcode|passphrase|passwords?|privatekey)$/;

/**
 * The name of a secret in the spelling we know it by, or nothing for a name of none. A secret may come by reference
 * only, so no member of a payload may be named like one: `newPassword`, `Set-Cookie` and `flow_token` are.
 */
export function secretNameOf(name: string): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, "");
  return secretNames.has(plain) ? plain : secretEnding.exec(plain)?.[0];
}
