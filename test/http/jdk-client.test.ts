import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { serveHttp } from "../support/loopback.ts";
import { createProduct, type Product } from "../support/product.ts";
import { firewallsProblems, functionsProblems, gatewaysProblems, type Told } from "./every-problem.ts";

/** `HttpURLConnection`, streaming by a length and in chunks, and `java.net.http` with an `Authenticator`. */
const clients = ["fixed-length", "chunked", "authenticator"] as const;

/** One request by one of them. */
interface Request {
  readonly client: (typeof clients)[number];
  readonly url: string;
  readonly token?: string;
  readonly body?: object;
}

const hasJdk = spawnSync("java", ["--list-modules"], { encoding: "utf8" }).stdout?.includes("jdk.compiler@");
const here = hasJdk ? "" : " (this machine has no JDK, so nobody asked)";
const patienceMs = 120_000;

const base64 = (value: string) => Buffer.from(value).toString("base64");
const line = ({ client, url, token, body = {} }: Request) =>
  [client, url, base64(token === undefined ? "" : `Bearer ${token}`), base64(JSON.stringify(body))].join(" ");

/** What each request brought, by the JDK: status and body. */
async function read(requests: readonly Request[]): Promise<string[]> {
  if (hasJdk !== true) return [];
  const program = join(import.meta.dirname, "ReadReplies.java");
  const child = spawn("java", [program], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(requests.map((request) => `${line(request)}\n`).join(""));
  const output = await text(child.stdout);
  return output.trim().split("\n").map(decoded);
}

function decoded(printed: string): string {
  const [status = "", body = ""] = printed.split(" ");
  return status === "none" ? printed : `${status} ${Buffer.from(body, "base64").toString("utf8")}`;
}

describe("a program on the JDK", () => {
  it.each<[string, () => readonly Told[]]>([
    ["the functions", functionsProblems],
    ["the gateway", gatewaysProblems],
    ["the firewall", firewallsProblems],
  ])(`reads the body of every problem of %s${here}`, { timeout: patienceMs }, async (_, problemsOf) => {
    const problems = problemsOf();
    const url = await serveHttp((incoming, answer) => {
      const { status, body } = problems[Number(incoming.url?.slice(1))] ?? { status: 500, body: "" };
      incoming.resume().once("end", () => {
        answer.writeHead(status, { "content-type": "application/problem+json" }).end(body);
      });
    });
    const requests = clients.flatMap((client) => problems.map((_, at) => ({ client, url: `${url}/${at}` })));
    const told = clients.flatMap(() => problems.map(({ status, body }) => `${status} ${body}`));
    expect(await read(requests)).toEqual(hasJdk ? told : []);
  });

  it(`would have lost the body of a 401${here}`, { timeout: patienceMs }, async () => {
    const url = await serveHttp((incoming, answer) => {
      incoming.resume().once("end", () => answer.writeHead(401).end("the next flow token"));
    });
    const replies = await read(clients.map((client) => ({ client, url })));
    expect(replies.join()).not.toContain("the next flow token");
  });
});

describe("a wrong password by a program on the JDK", () => {
  // Beside an `Authenticator`, `java.net.http` sends no `Authorization` of the program's own.
  const streaming = clients.filter((client) => client !== "authenticator");
  let product: Product;
  beforeAll(async () => {
    product = await createProduct();
  });
  afterAll(() => product.close());

  it(`brings the next flow token, and the right one signs on by it${here}`, {
    timeout: patienceMs,
  }, async () => {
    const { username, password } = people.passwordOnly;
    const started = await Promise.all(
      streaming.map(async (client) => {
        const flow = product.client();
        await flow.start();
        return { client, flow };
      }),
    );
    const replies = await read(
      started.map(({ client, flow }) => ({
        ...{ client, token: flow.token, url: `${product.api}/flows/${flow.flowId}/password` },
        body: { username, password: "Not-The-One-7" },
      })),
    );
    expect(replies).toHaveLength(hasJdk ? streaming.length : 0);
    for (const [at, reply] of replies.entries()) {
      const [, token = ""] = /^422 .*"flowToken":"([\w-]{43})"/.exec(reply) ?? [];
      const flow = started[at]?.flow;
      expect((await flow?.step("password", { username, password }, token))?.body.status).toBe("COMPLETED");
    }
  });
});
