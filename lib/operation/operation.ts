import type * as z from "zod/mini";
import type { FlowPorts, FlowRequest, Trace } from "../flow/context.ts";
import type { DeviceContext } from "../flow/provider.ts";
import type { Answer } from "../flow/reply.ts";
import type { Once } from "../flow/start-once.ts";
import { step } from "../flow/step.ts";
import { type ClientStep, canonicalStart, type StepCommand } from "../flow/steps.ts";
import type { Holder } from "../flow/store.ts";
import type { OperationName } from "./names.ts";
import { type ParseResult, parseWith, type Surroundings } from "./parsing.ts";

/** What is left to do once a request has been parsed. */
type Work<Request> = (flows: FlowPorts, request: Request) => Promise<Answer>;

/** A request that begins a flow. */
export interface StartingRequest {
  readonly device: DeviceContext;
  /**
   * The network that the person's device is in, as the gateway saw it; none for a call that
   * IAM has let through.
   */
  readonly network?: string | undefined;
  readonly trace: Trace;
  /** What makes a repetition the same start, beside the body: the client's key, and how the token travels. */
  readonly once?: { readonly idempotencyKey: string; readonly delivery: string } | undefined;
  /** Whoever is to hold the flow, where that is not the one who asks. */
  readonly holder?: Holder | undefined;
}

/** What a function does, whoever calls it: a client over HTTP, or a workflow. */
export type Operation = FlowOperation | FlowlessOperation | StartOperation;

/** A function that works on a flow. */
export interface FlowOperation extends Preparable<"flow", FlowRequest> {}

/** A function that has nothing to do with a flow. */
export interface FlowlessOperation extends Preparable<"flowless", StartingRequest> {}

/** The function that begins a flow. */
export interface StartOperation extends Preparable<"start", StartingRequest> {}

interface Preparable<Kind, Request> {
  readonly kind: Kind;
  /** The function's name, for the log. */
  readonly name: OperationName;
  /** The function's body. */
  readonly body: z.ZodMiniType;
  /** Checks a body against the function's schema: gives the work that is left to do, or what is wrong. */
  prepare(body: unknown, surroundings?: Surroundings): ParseResult<Work<Request>>;
}

interface Definition<Body, Request> {
  readonly name: OperationName;
  readonly body: z.ZodMiniType<Body>;
  readonly run: (flows: FlowPorts, body: Body, request: Request) => Promise<Answer>;
}

/** A function on a flow that exists: flow id and flow token come beside the body. */
export function flowOperation<Body>(definition: Definition<Body, FlowRequest>): FlowOperation {
  return { kind: "flow", name: definition.name, body: definition.body, prepare: preparation(definition) };
}

/** The function that takes a step. */
export function stepOperation<Body>(
  definition: { readonly name: ClientStep; readonly command: (body: Body) => StepCommand },
  body: z.ZodMiniType<Body>,
): FlowOperation {
  return flowOperation({
    name: definition.name,
    body,
    run: (flows, members, request) => step(flows, { ...request, command: definition.command(members) }),
  });
}

/** The function that has nothing to do with a flow. */
export function flowlessOperation<Body>(definition: Definition<Body, StartingRequest>): FlowlessOperation {
  return { kind: "flowless", name: definition.name, body: definition.body, prepare: preparation(definition) };
}

/** The function that makes a flow: there is no key yet. */
export function startOperation<Body>(definition: Definition<Body, StartingRequest>): StartOperation {
  return { kind: "start", name: definition.name, body: definition.body, prepare: preparation(definition) };
}

/** A start's key together with what makes another request under it another one: body and delivery. */
export function onceFor(body: object, once: StartingRequest["once"]): Once | undefined {
  if (once === undefined) return undefined;
  const { idempotencyKey, delivery } = once;
  return { idempotencyKey, canonical: canonicalStart({ ...body, tokenDelivery: delivery }) };
}

function preparation<Body, Request>({ body: schema, run }: Definition<Body, Request>) {
  return (body: unknown, surroundings?: Surroundings): ParseResult<Work<Request>> => {
    const parsed = parseWith(body, schema, surroundings);
    if (!parsed.ok) return parsed;
    return { ok: true, value: (flows, request) => run(flows, parsed.value, request) };
  };
}
