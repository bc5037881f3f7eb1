import { execFile } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { deployToEmulator } from "../../infra/emulator/deploy.ts";
import { emulatedVariables, endpointOf, saidBy } from "../../infra/emulator/surroundings.ts";
import { environmentNamed } from "../../infra/environments.ts";

const run = promisify(execFile);

const Port = z.object({ port: z.number() });

/** What somebody has set who works with real accounts, through a proxy. */
const hostile = {
  AWS_PROFILE: "production",
  AWS_REGION: "eu-central-1",
  AWS_DEFAULT_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_SESSION_TOKEN: "a-session",
  AWS_ENDPOINT_URL_S3: "https://s3.eu-central-1.amazonaws.com",
  AWS_CONFIG_FILE: "/home/somebody/.aws/config",
  CDK_DEFAULT_ACCOUNT: "210987654321",
};

/** A server on loopback that notes who signed each call, and to which service it speaks. */
async function startStandIn(answer: (body: string) => readonly [status: number, body: string]) {
  const heard: string[] = [];
  const take = async (request: IncomingMessage) => {
    const body = await text(request);
    const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? `${request.method} ${request.url}`;
    const [, scope = "nobody"] = /Credential=(\S+?),/.exec(request.headers.authorization ?? "") ?? [];
    const [key, , region, service] = scope.split("/");
    heard.push([key, region, service, action].join(" "));
    return answer(body);
  };
  const server = createServer((request, response) => {
    void take(request).then(([status, body]) => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = Port.parse(server.address() satisfies AddressInfo | string | null);
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

type StandIn = Awaited<ReturnType<typeof startStandIn>>;

/** Knows who calls, and nothing else. */
function identity(body: string): readonly [number, string] {
  const who = "<GetCallerIdentityResult><Account>000000000000</Account></GetCallerIdentityResult>";
  return body.includes("Action=GetCallerIdentity")
    ? [200, `<GetCallerIdentityResponse>${who}</GetCallerIdentityResponse>`]
    : failure("StandIn");
}

function failure(code: string): readonly [number, string] {
  const error = `<Error><Code>${code}</Code><Message>It goes no further.</Message></Error>`;
  return [400, `<ErrorResponse>${error}</ErrorResponse>`];
}

let emulator: StandIn;
let proxy: StandIn;

beforeAll(async () => {
  emulator = await startStandIn(identity);
  proxy = await startStandIn(() => [502, ""]);
});
afterAll(() => {
  emulator.close();
  proxy.close();
});

const proxies = () => ({ HTTPS_PROXY: proxy.url, http_proxy: proxy.url, ALL_PROXY: proxy.url });

/** The command as npm runs it. */
function command(variables: Readonly<Record<string, string>>, ...words: string[]): Promise<unknown> {
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: "/nonexistent", ...variables };
  return run(process.execPath, ["infra/emulator/main.ts", ...words], { env }).catch(
    (error: unknown) => error,
  );
}

describe("npm run deploy:emulator", () => {
  it("bootstraps and deploys, both into the emulator's account, and gives the exit code", async () => {
    const calls: { readonly args: readonly string[]; readonly variables: object }[] = [];
    const codes = [0, 3];
    const variables = { ...hostile, ...proxies(), PATH: "/bin", AWS_ENDPOINT_URL: emulator.url };
    const code = await deployToEmulator({
      variables,
      none: "/none",
      cdk: async (args, given) => codes[calls.push({ args, variables: given }) - 1] ?? 0,
    });
    const context = ["-c", "env=emulator", "-c", `emulator-endpoint=${emulator.url}`];
    expect(code).toBe(3);
    expect(calls.map(({ args }) => args)).toEqual([
      ["bootstrap", "aws://000000000000/us-east-1", "--app", ""],
      ["deploy", "--require-approval", "never", ...context],
    ]);
    for (const call of calls) {
      expect(call.variables).toEqual({
        PATH: "/bin",
        AWS_ENDPOINT_URL: emulator.url,
        AWS_ACCESS_KEY_ID: "000000000000",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_REGION: "us-east-1",
        AWS_CONFIG_FILE: "/none",
        AWS_SHARED_CREDENTIALS_FILE: "/none",
        AWS_EC2_METADATA_DISABLED: "true",
        CDK_DISABLE_CLI_TELEMETRY: "true",
      });
    }
  });

  it("deploys nothing where the bootstrap failed", async () => {
    const calls: (readonly string[])[] = [];
    const cdk = async (args: readonly string[]) => calls.push(args);
    const code = await deployToEmulator({
      variables: { AWS_ENDPOINT_URL: emulator.url },
      none: "/none",
      cdk,
    });
    expect([code, calls.length]).toEqual([1, 1]);
  });

  it("tells the functions where they find the simulator", async () => {
    const calls: (readonly string[])[] = [];
    const simulator = { SIMULATOR_HOST: "host.docker.internal", SIMULATOR_PORT: "9032" };
    const variables = { AWS_ENDPOINT_URL: emulator.url, ...simulator };
    const cdk = async (args: readonly string[]) => {
      calls.push(args);
      return 0;
    };
    await deployToEmulator({ variables, none: "/none", cdk });
    expect(calls[1]?.slice(-4)).toEqual([
      ...["-c", "simulator-host=host.docker.internal"],
      ...["-c", "simulator-port=9032"],
    ]);
    const { pingOne } = environmentNamed("emulator", saidBy(variables));
    expect(pingOne.baseUrl).toMatch(/^http:\/\/host\.docker\.internal:9032\//);
  });

  it("has the project's own cdk reach the emulator alone, by credentials that mean nothing", async () => {
    const before = emulator.heard.length;
    const ended = await command({ ...hostile, ...proxies(), AWS_ENDPOINT_URL: emulator.url });
    const heard = emulator.heard.slice(before);
    expect(ended).toMatchObject({ code: 1 });
    expect(heard).toContain("000000000000 us-east-1 sts GetCallerIdentity");
    expect(heard.filter((call) => !/^000000000000 us-east-1 (sts|cloudformation) /.test(call))).toEqual([]);
    expect(proxy.heard).toEqual([]);
  });

  it.each([
    "https://cloudformation.eu-central-1.amazonaws.com",
    "http://10.0.0.7:4566",
    "http://127.0.0.1.example.com:4566",
    "http://localhost.example.com",
    "https://127.0.0.1:4566",
    "4566",
  ])("sends nothing to %s, and says so in one sentence", async (endpoint) => {
    const ended = await command({ ...hostile, ...proxies(), AWS_ENDPOINT_URL: endpoint });
    expect(ended).toMatchObject({
      code: 1,
      stdout: "",
      stderr:
        "AWS_ENDPOINT_URL is no address of this machine, so nothing was sent: an emulator listens on loopback, by http.\n",
    });
    expect(proxy.heard).toEqual([]);
  });

  it("says in one sentence that nothing listens", async () => {
    const closed = await startStandIn(identity);
    closed.close();
    const ended = await command({ ...hostile, AWS_ENDPOINT_URL: closed.url });
    expect(ended).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `Nothing listens at ${closed.url}: start an AWS emulator there.\n`,
    });
  });
});

describe("npm run destroy:emulator", () => {
  it("takes the stack away by its name, by credentials that mean nothing", async () => {
    let stacks = ["sign-on-emulator"];
    const withStack = await startStandIn((body) => {
      const told = new URLSearchParams(body);
      const name = told.get("StackName") ?? "";
      if (!stacks.includes(name)) return failure("ValidationError");
      if (told.get("Action") === "DeleteStack") stacks = stacks.filter((one) => one !== name);
      const member = `<member><StackName>${name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member>`;
      const action = told.get("Action");
      return [
        200,
        `<${action}Response><${action}Result><Stacks>${member}</Stacks></${action}Result></${action}Response>`,
      ];
    });
    const variables = { ...hostile, ...proxies(), AWS_ENDPOINT_URL: withStack.url };
    const ended = await command(variables, "destroy");
    const again = await command(variables, "destroy");
    withStack.close();
    expect(ended).toMatchObject({ stdout: "sign-on-emulator is gone.\n", stderr: "" });
    expect(again).toMatchObject({ code: 1, stderr: `${withStack.url} has no stack sign-on-emulator.\n` });
    const calls = ["DescribeStacks", "DeleteStack", "DescribeStacks", "DescribeStacks"];
    expect(withStack.heard).toEqual(calls.map((call) => `000000000000 us-east-1 cloudformation ${call}`));
    expect(proxy.heard).toEqual([]);
  });

  it("destroys nothing at an address that isn't this machine's", async () => {
    const ended = await command({ ...hostile, AWS_ENDPOINT_URL: "http://10.0.0.7:4566" }, "destroy");
    expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("nothing was sent") });
  });
});

describe("the surroundings of an emulator", () => {
  it("are the usual port on loopback unless said otherwise, and an address in the place of a name", () => {
    expect([endpointOf({}), endpointOf({ AWS_ENDPOINT_URL: "" })]).toEqual(
      Array.from({ length: 2 }, () => "http://127.0.0.1:4566"),
    );
    expect(endpointOf({ AWS_ENDPOINT_URL: "http://localhost:4510" })).toBe("http://127.0.0.1:4510");
    expect(endpointOf({ AWS_ENDPOINT_URL: "http://[::1]:4566" })).toBe("http://[::1]:4566");
  });

  it("keep what no service and no proxy is found by", () => {
    const ofNpm = { npm_config_proxy: "x", npm_config_https_proxy: "x", npm_config_noproxy: "x" };
    const told = { PATH: "/bin", LANG: "C", aws_profile: "x", no_proxy: "*", ...ofNpm };
    const kept = emulatedVariables(told, "e", "n");
    expect(Object.keys(kept).filter((name) => !/^(AWS|CDK)_/.test(name))).toEqual(["PATH", "LANG"]);
  });
});
