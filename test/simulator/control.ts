import { Hono } from "hono";
import * as z from "zod";
import type { Answer } from "./answers.ts";
import { hal, invalidData, invalidRequest, json, notFound } from "./answers.ts";
import { registrationSchema } from "./applications.ts";
import { parseBody, parseJson } from "./bodies.ts";
import { faultSchema, UnknownTarget } from "./faults.ts";
import { people } from "./people.ts";
import { respond } from "./respond.ts";
import { answerPush } from "./steps.ts";
import { someSwitchesSchema } from "./switches.ts";
import type { World } from "./world.ts";

const pushSchema = z.strictObject({ answer: z.enum(["approve", "deny", "timeout"]) });

/** The routes under `/_simulator`, which are not PingOne's: how another process drives the stand-in. */
export function createControl(world: World): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    // A page of this machine may drive the stand-in, where every page may read PingOne's answers.
    if (world.switches.cors === "any-origin") c.header("Access-Control-Allow-Origin", "*");
  });
  const send = (answer: Answer) => respond(world, answer);
  app.get("/inbox", (c) => {
    const username = c.req.query("username");
    const all = world.inbox.all();
    return send(json(200, username === undefined ? all : all.filter((one) => one.username === username)));
  });
  app.get("/switches", () => send(json(200, world.switches)));
  app.put("/switches", async (c) => send(turnSwitches(world, await c.req.text())));
  app.post("/faults", async (c) => send(scriptFault(world, await c.req.text())));
  app.delete("/faults", () => {
    world.faults.clear();
    return send(json(200, {}));
  });
  app.get("/calls", () => send(json(200, world.calls.all)));
  app.get("/people", () => send(json(200, people)));
  app.get("/applications", () => send(json(200, world.applications.all())));
  app.post("/applications", async (c) => send(register(world, await c.req.text())));
  app.post("/push/:flowId", async (c) => send(playPush(world, c.req.param("flowId"), await c.req.text())));
  app.all("*", () => send(notFound()));
  return app;
}

function read<T>(schema: z.ZodType<T>, text: string, use: (value: T) => Answer): Answer {
  const body = parseJson(text);
  if (body === undefined) return invalidRequest("The body is not JSON.");
  const parsed = parseBody(schema, body.value);
  return parsed.ok ? use(parsed.value) : parsed.answer;
}

function turnSwitches(world: World, text: string): Answer {
  return read(someSwitchesSchema, text, (some) => {
    Object.assign(world.switches, some);
    return json(200, world.switches);
  });
}

function scriptFault(world: World, text: string): Answer {
  return read(faultSchema, text, (fault) => {
    try {
      world.faults.script(fault);
      return json(200, fault);
    } catch (error) {
      if (!(error instanceof UnknownTarget)) throw error;
      return invalidData({ code: "INVALID_VALUE", target: "on", message: error.message });
    }
  });
}

function register(world: World, text: string): Answer {
  return read(registrationSchema, text, (application) => {
    if (world.applications.register(application)) return json(201, application);
    const message = "This application is always there.";
    return invalidData({ code: "UNIQUENESS_VIOLATION", target: "clientId", message });
  });
}

function playPush(world: World, flowId: string, text: string): Answer {
  return read(pushSchema, text, ({ answer }) => {
    const flow = world.flows.find(flowId) ?? world.flows.pushedTo(flowId);
    if (flow === undefined) return notFound();
    return answerPush(world, flow, answer)
      ? hal(200, { status: flow.status })
      : invalidRequest("No push is waiting for an answer.");
  });
}
