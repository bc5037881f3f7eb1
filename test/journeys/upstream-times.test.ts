import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { createProduct, type Product } from "../support/product.ts";

const { username, password } = people.passwordOnly;
const hour = 60 * 60_000;
const year = 365 * 24 * hour;

let product: Product;
beforeAll(async () => {
  product = await createProduct();
});
afterEach(() => product.simulator.faults.clear());
afterAll(() => product?.close());

interface Absurd {
  /** Milliseconds from now; absent where PingOne says nothing. */
  readonly endsIn?: number;
  readonly dated?: number;
}

/** Has PingOne answer with a flow that ends when none can. */
function tell(on: "authorize" | "usernamePassword.check" | "read", { endsIn, dated = 0 }: Absurd): void {
  const now = product.clock.now();
  const isDone = on === "usernamePassword.check";
  product.simulator.faults.script({
    ...{ on, kind: "reply", status: 200 },
    headers: {
      date: new Date(now + dated).toUTCString(),
      ...(isDone ? { "set-cookie": `ST=canned; Path=/${product.simulator.environmentId}` } : {}),
    },
    body: {
      id: crypto.randomUUID(),
      status: isDone ? "COMPLETED" : "USERNAME_PASSWORD_REQUIRED",
      _links: isDone ? {} : { "usernamePassword.check": {} },
      ...(endsIn === undefined ? {} : { expiresAt: new Date(now + endsIn).toISOString() }),
    },
  });
}

/** Whether a client is told of an end that a sign-on can have: a minute to an hour from now. */
function canBe(expiresAt: string | undefined): boolean {
  const left = Date.parse(expiresAt ?? "") - product.clock.now();
  return left > 60_000 && left <= hour;
}

const absurdities: readonly (readonly [string, Absurd])[] = [
  ["has passed", { endsIn: -1 }],
  ["passes now", { endsIn: 0 }],
  ["passes within our own margin", { endsIn: 1_999 }],
  ["passed ten years ago", { endsIn: -10 * year }],
  ["is ten years away", { endsIn: 10 * year }],
  ["is in the answer of another decade", { endsIn: -10 * year, dated: -10 * year }],
  ["is in an answer of the next decade", { endsIn: 10 * year, dated: 10 * year }],
  ["is not told, in an answer of another decade", { dated: -10 * year }],
];

describe("a flow whose end, by PingOne,", () => {
  it.each(absurdities)("%s comes back alive from a start, and signs on", async (_name, absurd) => {
    tell("authorize", absurd);
    const client = product.client();
    const started = await client.start();
    expect([started.http, canBe(started.body.expiresAt)]).toEqual([201, true]);
    const seen = await client.status();
    expect([seen.http, seen.body.next]).toEqual([200, ["password"]]);
    expect((await client.step("password", { username, password })).body.status).toBe("COMPLETED");
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each(absurdities)("%s goes on after a step", async (_name, absurd) => {
    const client = product.client();
    await client.start();
    tell("usernamePassword.check", absurd);
    const checked = await client.step("password", { username, password });
    expect([checked.http, canBe(checked.body.expiresAt)]).toEqual([200, true]);
    expect(await product.finish(client)).toMatchObject({ preferred_username: username });
  });

  it.each(absurdities)("%s goes on once a doubt is settled", async (_name, absurd) => {
    const client = product.client();
    await client.start();
    product.simulator.faults.script({ on: "usernamePassword.check", kind: "reset", applied: false });
    expect((await client.step("password", { username, password })).http).toBe(503);
    tell("read", absurd);
    const settled = await client.status();
    expect([settled.http, canBe(settled.body.expiresAt)]).toEqual([200, true]);
    client.token = settled.body.flowToken ?? "";
    expect((await client.step("password", { username, password })).body.status).toBe("COMPLETED");
  });
});
