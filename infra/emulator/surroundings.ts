/** Where an emulator listens unless `AWS_ENDPOINT_URL` says otherwise: the port that they have in common. */
const usualEndpoint = "http://127.0.0.1:4566";

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The environment variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The command can't go on: the message is one sentence for whoever runs it. */
export class EmulatorRefused extends Error {
  override readonly name = "EmulatorRefused";
}

/**
 * Where the emulator listens. `localhost` becomes an address: S3's client puts a bucket's name before a host
 * name, and no resolver knows such a name.
 *
 * @throws EmulatorRefused for what isn't plain http to this machine
 */
export function endpointOf({ AWS_ENDPOINT_URL: given }: Variables): string {
  const url = URL.parse(given === undefined || given === "" ? usualEndpoint : given);
  if (url?.protocol !== "http:" || !loopback.test(url.hostname)) {
    throw new EmulatorRefused(
      "AWS_ENDPOINT_URL is no address of this machine, so nothing was sent: an emulator listens on loopback, by http.",
    );
  }
  return `http://${url.hostname.replace("localhost", "127.0.0.1")}:${url.port || "80"}`;
}

/** What an emulator's environment takes from outside: by the name that `-c` has for it, the variable. */
const taken: ReadonlyMap<string, (variables: Variables) => string | undefined> = new Map([
  ["emulator-endpoint", endpointOf],
  ["simulator-host", ({ SIMULATOR_HOST: host }: Variables) => host],
  ["simulator-port", ({ SIMULATOR_PORT: port }: Variables) => port],
]);

/**
 * What a caller's variables say of the machine, as `environmentNamed` asks for it.
 *
 * @throws EmulatorRefused when it is asked for an endpoint that isn't plain http to this machine
 */
export function saidBy(variables: Variables): (name: string) => string | undefined {
  return (name) => taken.get(name)?.(variables) || undefined;
}

/** The same as arguments of `cdk`. */
export function contextOf(variables: Variables): readonly string[] {
  const said = saidBy(variables);
  return [...taken.keys()].flatMap((name) => {
    const value = said(name);
    return value === undefined ? [] : ["-c", `${name}=${value}`];
  });
}

/**
 * Everything by which a caller's variables could lead elsewhere: AWS's own, CDK's, and proxies, of which npm
 * passes on its own. The rest stays, since a command needs `PATH` and the like.
 */
const leading = /^(?:AWS_|CDK_|(?:npm_config_)?(?:(?:https?|all|no)_?)?proxy$|NODE_OPTIONS$)/i;

/** They mean nothing anywhere else: emulators take a key of twelve digits for the account. */
export const emulatedCredentials = { accessKeyId: "000000000000", secretAccessKey: "test" };

/**
 * What CDK runs with: the emulator for every service, {@link emulatedCredentials}, and none of the caller's
 * profiles, regions or keys.
 *
 * @param none a path at which there is nothing: it stands for the caller's own files
 */
export function emulatedVariables(
  variables: Variables,
  endpoint: string,
  none: string,
): Record<string, string> {
  const harmless = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined || leading.test(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(harmless),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: emulatedCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulatedCredentials.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_CONFIG_FILE: none,
    AWS_SHARED_CREDENTIALS_FILE: none,
    AWS_EC2_METADATA_DISABLED: "true",
    CDK_DISABLE_CLI_TELEMETRY: "true",
  };
}
