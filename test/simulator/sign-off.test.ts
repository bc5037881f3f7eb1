import { describe, expect, it } from "vitest";
import { applications } from "./applications.ts";
import { people } from "./people.ts";
import { createClient, launch } from "./test-client.ts";

const { clientId, clientSecret } = applications.refreshing;
const proof = { client_id: clientId, client_secret: clientSecret };

async function signedOn(world: Awaited<ReturnType<typeof launch>>) {
  const client = createClient(world.simulator, applications.refreshing);
  await client.start("Single_Factor");
  await client.password(people.passwordOnly);
  await client.resume();
  const { body } = await client.token(proof);
  return { client, tokens: body };
}

async function renewed(world: Awaited<ReturnType<typeof launch>>, refreshToken: string): Promise<Response> {
  return fetch(`${world.simulator.baseUrl}/as/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, ...proof }),
  });
}

describe("GET /as/signoff", () => {
  it("ends the session of the cookie with its tokens, and without a cookie nothing", async () => {
    const world = await launch();
    const { client, tokens } = await signedOn(world);
    await fetch(`${world.simulator.baseUrl}/as/signoff`, { redirect: "manual" });
    const first = await renewed(world, String(tokens.refresh_token));
    expect(first.status).toBe(200);
    const next = Object(await first.json());
    expect((await client.send("/as/signoff")).status).toBe(302);
    expect((await renewed(world, String(next.refresh_token))).status).toBe(400);
  });

  it("refuses the hint of another person", async () => {
    const world = await launch();
    const { client } = await signedOn(world);
    expect((await client.send("/as/signoff?id_token_hint=abc")).status).toBe(400);
  });
});

describe("sessions of one person", () => {
  it("are ten at most: an eleventh ends the oldest", async () => {
    const world = await launch({ switches: { sessionsOfPerson: "10" } });
    const all = [];
    for (let one = 0; one < 11; one += 1) {
      world.clock.advance(1);
      all.push(await signedOn(world));
    }
    const statuses = [];
    for (const { tokens } of all) statuses.push((await renewed(world, String(tokens.refresh_token))).status);
    expect(statuses).toEqual([400, ...Array(10).fill(200)]);
  });
});

describe("a refresh token", () => {
  it("may be used again within its grace, and revokes nothing then", async () => {
    const world = await launch({ switches: { refreshGrace: "60 s" } });
    const { tokens } = await signedOn(world);
    const use = async () => (await renewed(world, String(tokens.refresh_token))).status;
    expect([await use(), await use()]).toEqual([200, 200]);
    world.clock.advance(60_000);
    expect(await use()).toBe(400);
  });
});
