import { setTimeout as wait } from "node:timers/promises";
import { parseSetCookie } from "cookie";
import * as z from "zod";
import type { Answer, HeaderLine } from "./answers.ts";
import { hal, html, withCookies, withHeaders } from "./answers.ts";
import { parseJson } from "./bodies.ts";
import { cookiesFor } from "./cookies.ts";
import { daVinciAnswer, statusAnswer } from "./fault-bodies.ts";
import type { ScriptedFault } from "./faults.ts";
import type { Flow } from "./flow.ts";
import type { Reason } from "./reason.ts";
import { endingBecause } from "./reason.ts";
import { renderFlow, renderLinks } from "./render.ts";
import { fail } from "./steps.ts";
import { placeOf, tell, toBody } from "./telling.ts";
import type { World } from "./world.ts";

/** How an answer leaves: whole, cut off in its body, or not at all. */
export type Delivery =
  | { readonly kind: "whole"; readonly answer: Answer }
  | { readonly kind: "cut"; readonly answer: Answer }
  | { readonly kind: "reset" };

/** One call on its way: what it would do, and which flow it names. */
export interface Pending {
  run(): Promise<Answer>;
  flow(): Flow | undefined;
}

type Of<Kind extends ScriptedFault["kind"]> = Extract<ScriptedFault, { kind: Kind }>;

const whole = (answer: Answer): Delivery => ({ kind: "whole", answer });

/** Lets a fault have its way with a call. */
export async function applyFault(world: World, fault: ScriptedFault, pending: Pending): Promise<Delivery> {
  switch (fault.kind) {
    case "delay":
      return delay(world, fault, pending);
    case "reset":
      if (fault.applied) await pending.run();
      return { kind: "reset" };
    case "close-mid-body":
      return { kind: "cut", answer: fault.applied ? await pending.run() : statusAnswer(503, undefined) };
    case "failed":
      return whole(await failFlow(world, fault, pending));
    case "reason":
      return whole(await giveReason(world, fault, pending));
    case "changed-flow-id":
    case "unknown-status":
    case "unreadable":
    case "extra-cookies":
      return whole(alter(world, fault, await pending.run()));
    case "status":
    case "html":
    case "davinci":
    case "reply":
      return whole(await replace(world, fault, pending));
  }
}

async function delay(world: World, fault: Of<"delay">, pending: Pending): Promise<Delivery> {
  const signal = AbortSignal.any([world.closing, world.faults.cleared]);
  const early = fault.applied === "before" ? await pending.run() : undefined;
  await wait(fault.ms, undefined, { signal }).catch(() => undefined);
  if (world.closing.aborted) return { kind: "reset" };
  if (fault.applied === "never") return whole(statusAnswer(503, undefined));
  return whole(early ?? (await pending.run()));
}

async function failFlow(world: World, fault: Of<"failed">, pending: Pending): Promise<Answer> {
  // Authorize names no flow: there the flow has to be made before it can fail.
  const flow = pending.flow() ?? (await pending.run()).flow;
  if (flow === undefined) return pending.run();
  fail(flow, endingBecause(fault.code, "The flow failed."));
  world.flows.touch(flow);
  return hal(200, renderFlow(world, flow), flow);
}

async function giveReason(world: World, fault: Of<"reason">, pending: Pending): Promise<Answer> {
  const reason: Reason = { ...fault, sampledIn: "body-4xx" };
  const place = fault.in ?? placeOf(world, reason);
  const named = pending.flow();
  // Authorize names no flow: there the flow has to be made before it can have an error.
  const made = named === undefined && place !== "body-4xx";
  const own = fault.applied || made ? await pending.run() : undefined;
  const flow = named ?? own?.flow;
  if (flow === undefined) return own ?? toBody(reason);
  const told = tell(flow, reason, place);
  if (told.shows === "flow") world.flows.touch(flow);
  const answer = told.shows === "flow" ? hal(200, renderFlow(world, flow, told.error)) : told.answer;
  const cookies = own?.headers.filter(([name]) => name === "set-cookie");
  return cookies === undefined
    ? withCookies({ ...answer, flow }, cookiesFor(world, flow))
    : withHeaders({ ...answer, flow }, cookies);
}

type Altering = Of<"changed-flow-id"> | Of<"unknown-status"> | Of<"unreadable"> | Of<"extra-cookies">;

function alter(world: World, fault: Altering, answer: Answer): Answer {
  switch (fault.kind) {
    case "extra-cookies":
      return withCookies(answer, fault.setCookie);
    case "unreadable":
      return { ...answer, status: 200, body: JSON.stringify({ result: "ok" }) };
    case "changed-flow-id":
      return answer.flow === undefined ? answer : renameFlow(world, answer, answer.flow);
    case "unknown-status":
      return answer.flow === undefined ? answer : renameStatus(world, answer, answer.flow, fault.status);
  }
}

function renameFlow(world: World, answer: Answer, flow: Flow): Answer {
  const before = flow.id;
  world.flows.rename(flow);
  const headers = answer.headers.map(
    ([name, value]): HeaderLine => [name, value.replaceAll(before, flow.id)],
  );
  return { ...answer, headers, body: answer.body.replaceAll(before, flow.id) };
}

const objectSchema = z.record(z.string(), z.unknown());

function readObject(text: string): Readonly<Record<string, unknown>> {
  return objectSchema.safeParse(parseJson(text)?.value).data ?? {};
}

function renameStatus(world: World, answer: Answer, flow: Flow, status: string): Answer {
  const _links = renderLinks(world, flow, ["novel.action", "self"]);
  return { ...answer, body: JSON.stringify({ ...readObject(answer.body), status, _links }) };
}

type Replacing = Of<"status"> | Of<"html"> | Of<"davinci"> | Of<"reply">;

async function replace(world: World, fault: Replacing, pending: Pending): Promise<Answer> {
  const own = fault.applied ? await pending.run() : undefined;
  const flow = own?.flow ?? pending.flow();
  return { ...replacement(world, fault, flow), flow };
}

function replacement(world: World, fault: Replacing, flow: Flow | undefined): Answer {
  switch (fault.kind) {
    case "status":
      return statusAnswer(fault.status, fault.retryAfter);
    case "html":
      return html(fault.status, "The service is being looked after.");
    case "davinci":
      return daVinciAnswer(world);
    case "reply":
      return cannedAnswer(world, fault, flow);
  }
}

function cannedAnswer(world: World, fault: Of<"reply">, flow: Flow | undefined): Answer {
  const lines: readonly HeaderLine[] = Array.isArray(fault.headers)
    ? fault.headers
    : Object.entries(fault.headers);
  const body = typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body);
  const typed = lines.some(([name]) => name.toLowerCase() === "content-type");
  const headers: readonly HeaderLine[] = typed
    ? lines
    : [["content-type", "application/hal+json;charset=UTF-8"], ...lines];
  if (flow !== undefined) adoptCanned(world, flow, readObject(body), lines);
  return { status: fault.status, headers, body };
}

/** Makes what a canned answer names lead to the real flow and session, so that the sign-on can go on. */
function adoptCanned(
  world: World,
  flow: Flow,
  body: Readonly<Record<string, unknown>>,
  lines: readonly HeaderLine[],
): void {
  for (const id of cannedIds(body)) world.flows.alias(flow, id);
  const cookies = lines.filter(([name]) => name.toLowerCase() === "set-cookie");
  for (const [, line] of cookies) {
    const { name, value } = parseSetCookie(line);
    if (name === "ST" && value !== undefined && flow.session) world.sessions.adopt(flow.session, value);
  }
}

const idsSchema = z.object({ id: z.string().optional() });
const selfSchema = z.object({ self: z.object({ href: z.string() }) });

function cannedIds(body: Readonly<Record<string, unknown>>): string[] {
  const links = body["_links"];
  const href = selfSchema.safeParse(links).data?.self.href;
  const ids = [
    idsSchema.safeParse(body).data?.id,
    idsSchema.safeParse(links).data?.id,
    href === undefined ? undefined : /\/flows\/([^/?]+)/.exec(href)?.[1],
  ];
  return ids.filter((id) => id !== undefined);
}
