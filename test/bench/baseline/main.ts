// A sign-on server as it is often written: Express, the same calls to PingOne, and none of our promises. It
// has no lock, so two requests at once both act. It has no seal, so its store holds PingOne's session cookie.
// One token serves the whole sign-on. It is what our promises are weighed against, and never to be deployed.

import { randomBytes } from "node:crypto";
import express from "express";
import { portOf } from "../../support/engines.ts";
import { meterPath, readMeter } from "../servers/meter.ts";
import { pingOne } from "./pingone.ts";
import { inMemory, inTable } from "./sessions.ts";

const { BASELINE_CLIENT = "{}", BASELINE_TABLE } = process.env;
const upstream = pingOne(JSON.parse(BASELINE_CLIENT));
const sessions = BASELINE_TABLE === undefined ? inMemory() : inTable(BASELINE_TABLE);

const app = express()
  .disable("x-powered-by")
  .set("trust proxy", true)
  .use(express.json({ limit: "8kb" }));

app.get(meterPath, (_, response) => readMeter(response));

app.post("/flows", async ({ body }, response) => {
  const { session } = await upstream.start(body.codeChallenge, body.policy);
  const flowId = randomBytes(32).toString("base64url");
  await sessions.put(flowId, session);
  response.status(201).json({ flowId, status: session.status });
});

app.post("/flows/:flowId/password", async ({ body, ip = "", params: { flowId } }, response) => {
  const before = await sessions.take(flowId);
  await sessions.count(`${body.username} ${ip}`, ip);
  const { session } = await upstream.password(before, body.username, body.password);
  await sessions.keep(flowId, session);
  response.json({ flowId, status: session.status });
});

app.post("/flows/:flowId/resume", async ({ params: { flowId } }, response) => {
  const before = await sessions.take(flowId);
  const { session, code } = await upstream.resume(before);
  await sessions.keep(flowId, session);
  response.json({ flowId, code, state: session.state });
});

const server = app.listen(0, "127.0.0.1", () => {
  process.stdout.write(`{"port":${portOf(server.address())}}\n`);
});
