import { describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { Canaries } from "../support/canaries.ts";
import type { FlowClient } from "../support/flow-client.ts";
import { createProduct, type Product } from "../support/product.ts";

const clientsNonce = "nonce-of-the-client-4711";

/** A password that looks like nothing else, so that finding it anywhere means that it leaked. */
const wrongPassword = "Wr0ng-Passphrase-Canary";

interface Dump {
  readonly point: string;
  readonly rows: Awaited<ReturnType<Product["rows"]>>;
}

/** Signs people on, dumping the table after each request and while PingOne is being asked. */
async function signOnsWithDumps(): Promise<{
  product: Product;
  dumps: Dump[];
  secrets: Map<string, string>;
}> {
  const dumps: Dump[] = [];
  const secrets = new Map<string, string>();
  let dump = async (_point: string) => {};
  const product = await createProduct(
    {},
    {
      switches: { rotateST: true, cookiesAt: "authorize" },
      ports: ({ provider, ...ports }) => ({
        ...ports,
        provider: {
          ...provider,
          start: async (...call) => {
            const upstream = await provider.start(...call);
            secrets.set("state", upstream.jar.state);
            return upstream;
          },
          act: async (...call) => {
            await dump(`claimed ${call[0].step}`);
            return provider.act(...call);
          },
        },
      }),
    },
  );
  dump = async (point) => {
    dumps.push({ point, rows: await product.rows() });
  };
  await walk(product, people.twoDevices, dump, secrets);
  for (const call of product.simulator.calls) {
    if (call.flowId !== undefined) secrets.set(`flow id ${call.flowId}`, call.flowId);
    for (const [name, value] of Object.entries(call.cookies)) secrets.set(`cookie ${name} ${value}`, value);
  }
  for (const { code } of product.simulator.inbox.all()) secrets.set(`otp ${code}`, code);
  return { product, dumps, secrets };
}

async function walk(
  product: Product,
  person: typeof people.twoDevices,
  dump: (point: string) => Promise<void>,
  secrets: Map<string, string>,
): Promise<void> {
  const { username, password, devices } = person;
  const client: FlowClient = product.client();
  const noted = async (point: string, reply: ReturnType<FlowClient["step"]>) => {
    const { body } = await reply;
    secrets.set(`token after ${point}`, client.token);
    if (body.code !== undefined && body.redirectUri !== undefined) secrets.set("code", body.code);
    await dump(point);
  };
  await noted("start", client.start({ policy: "Multi_Factor", nonce: clientsNonce }));
  await noted("wrong password", client.step("password", { username, password: wrongPassword }));
  await noted("password", client.step("password", { username, password }));
  await noted("device", client.step("device", { deviceId: devices[0].id }));
  await noted("wrong otp", client.step("otp", { otp: "000000" }));
  product.simulator.faults.script({ on: "device.select", kind: "status", status: 429, retryAfter: 1 });
  await noted("resend refused", client.step("device", { deviceId: devices[0].id }));
  product.clock.advance(1_000);
  await noted("resend", client.step("device", { deviceId: devices[0].id }));
  await noted("otp", client.step("otp", { otp: product.code(username) }));
  await noted("resume", client.step("resume"));
  const doubtful = product.client();
  await doubtful.start();
  product.simulator.faults.script({ on: "usernamePassword.check", kind: "unreadable" });
  await doubtful.step("password", { username, password });
  secrets.set("token of the doubtful flow", doubtful.token);
  await dump("doubtful");
  secrets.set("password", password);
  secrets.set("wrong password", wrongPassword);
  secrets.set("nonce", clientsNonce);
}

function canariesOf(secrets: Iterable<readonly [name: string, secret: string]>): Canaries {
  const canaries = new Canaries();
  for (const [name, secret] of secrets) canaries.add(name, secret);
  return canaries;
}

describe("the table, dumped at every point of a sign-on", () => {
  it("holds no cookie, token, password, passcode, code, state, nonce or PingOne flow id in the clear", async () => {
    const { product, dumps, secrets } = await signOnsWithDumps();
    try {
      expect(dumps.map(({ point }) => point)).toEqual([
        "start",
        "claimed password",
        "wrong password",
        "claimed password",
        "password",
        "claimed device",
        "device",
        "claimed otp",
        "wrong otp",
        "claimed device",
        "resend refused",
        "claimed device",
        "resend",
        "claimed otp",
        "otp",
        "claimed resume",
        "resume",
        "claimed password",
        "doubtful",
      ]);
      expect([...secrets.keys()].filter((name) => name.startsWith("cookie")).length).toBeGreaterThan(6);
      expect([...secrets.keys()].filter((name) => name.startsWith("flow id")).length).toBeGreaterThanOrEqual(
        2,
      );
      const canaries = canariesOf(secrets);
      const leaks = dumps.flatMap(({ point, rows }) =>
        canaries.in(rows).map((name) => `${name} at ${point}`),
      );
      expect(leaks).toEqual([]);
    } finally {
      await product.close();
    }
  });

  it("would be caught if a secret lay there", () => {
    const hint = Buffer.from("a secret in base64").toString("base64");
    const row = { pk: "flow#1", jar: Buffer.from("ST=5e0967f4"), view: { hint } };
    const canaries = canariesOf([
      ["cookie", "5e0967f4"],
      ["hint", "secret in base64"],
      ["absent", "absent"],
    ]);
    expect(canaries.in([row])).toEqual(["cookie", "hint"]);
  });
});

describe("the request log", () => {
  it("has one line a request, with the allowed members and no secret", async () => {
    const { product, secrets } = await signOnsWithDumps();
    try {
      expect(product.log).toHaveLength(11);
      const { username } = people.twoDevices;
      const named = canariesOf([...secrets, ["user name", username], ["domain", "example.com"]]);
      expect(named.in(product.log)).toEqual([]);
      expect(product.log[2]).toMatchObject({
        step: "password",
        statusBefore: "USERNAME_PASSWORD_REQUIRED",
        statusAfter: "DEVICE_SELECTION_REQUIRED",
        outcome: "view",
        httpStatus: 200,
        upstreamStatus: 200,
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(product.log[1]).toMatchObject({
        outcome: "credentials-rejected",
        httpStatus: 422,
        upstreamStatus: 400,
      });
    } finally {
      await product.close();
    }
  });
});
