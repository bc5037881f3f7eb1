/** What no member of a payload may be called: Step Functions would keep its value for 90 days. */
const secrets: ReadonlySet<string> = new Set([
  "accesstoken",
  "authorization",
  "clientsecret",
  "code",
  "codeverifier",
  "cookie",
  "cookies",
  "flowtoken",
  "idtoken",
  "otp",
  "passcode",
  "password",
  "pin",
  "refreshtoken",
  "secret",
  "sessiontoken",
  "setcookie",
  "token",
]);

/** What a function takes from a workflow: none of them is a secret, wherever it comes from. */
const harmless: ReadonlySet<string> = new Set([
  "application",
  "codechallenge",
  "credentialsecret",
  "deviceid",
  "flowid",
  "flowtokenhash",
  "flowtokenpublickey",
  "loginhint",
  "nonce",
  "policy",
  "sealedflowtoken",
  "username",
]);

/** Whether a member of this name would be a secret; case, hyphens and underscores make no difference. */
export function isSecret(name: string): boolean {
  return secrets.has(plain(name));
}

/**
 * Whether what a path leads to would be a secret: one of its names is a secret's. A step's output that is kept under
 * the name of the step (`$.password.flowId`) is none.
 *
 * @param names the path's names, from the root
 */
export function leadsToSecret(names: readonly string[]): boolean {
  return names.some(isSecret) && !harmless.has(plain(names.at(-1) ?? ""));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, "");
}
