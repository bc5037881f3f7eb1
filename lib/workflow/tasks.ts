import type { FlowPorts, Trace } from "../flow/context.ts";
import { type FlowId, flowIdIn } from "../flow/log-text.ts";
import type { FlowProblem } from "../flow/problems.ts";
import type { DeviceContext } from "../flow/provider.ts";
import type { Answer } from "../flow/reply.ts";
import { credentialMembers, isStep } from "../flow/steps.ts";
import type { FlowKey } from "../flow/store.ts";
import { watch } from "../flow/watch.ts";
import { outcomeOf, type RequestLine } from "../log.ts";
import type { OperationName } from "../operation/names.ts";
import type { FlowOperation, StartOperation } from "../operation/operation.ts";
import { available } from "./available.ts";
import type { ReadCredentials } from "./credentials.ts";
import { Refusal } from "./errors.ts";
import { type Output, outputOf, viewOutput } from "./output.ts";
import {
  accepted,
  HeldFlowPayload,
  holderIn,
  ofPayload,
  parsePayload,
  SecretName,
  WatchPayload,
} from "./payload.ts";
import type { Sealing } from "./sealing.ts";

/** What a task works with. */
export interface Tools {
  readonly flows: FlowPorts;
  readonly sealing: Sealing;
  readonly credentials: ReadCredentials;
}

/** What a call leaves for its log line. */
export interface Notes {
  readonly trace: Trace;
  flowId?: FlowId | undefined;
  outcome: RequestLine["outcome"];
  error?: RequestLine["error"];
}

/** One call, known to carry no secret. */
export interface Call {
  readonly payload: object;
  readonly notes: Notes;
  /** What is left of the function's time: milliseconds. */
  readonly remainingMs: () => number;
}

/** A person's own device has no part in a workflow. */
const device: DeviceContext = {};

/**
 * Does what a workflow asks of a function.
 *
 * @throws Refusal for every problem
 */
export function perform(
  operation: FlowOperation | StartOperation,
  tools: Tools,
  call: Call,
): Promise<Output> {
  if (operation.kind === "start") return startFlow(operation, tools, call);
  // Whoever shows no token may look, and nothing else.
  const looks = operation.name === "status" && !("sealedFlowToken" in call.payload);
  return looks ? lookAtFlow(tools, call) : actOnFlow(operation, tools, call);
}

async function startFlow(operation: StartOperation, tools: Tools, call: Call): Promise<Output> {
  const { flows } = tools;
  const { holder, body } = holderIn(call.payload);
  const work = accepted(operation.prepare(body, ofPayload));
  const answer = await work(flows, { device, trace: call.notes.trace, holder });
  // Nothing was spent, save where PingOne may have sent a code to the person hinted at.
  const lost = { error: "loginHint" in body ? "restart-required" : "upstream-unavailable" } as const;
  return outputWithToken(tools, call, answer, { flowId: "", lost });
}

async function lookAtFlow({ flows, sealing }: Tools, { payload, notes }: Call): Promise<Output> {
  const { flowId, taskToken } = parsePayload(payload, WatchPayload);
  notes.flowId = flowId;
  const waiter =
    taskToken === undefined
      ? undefined
      : await available(sealing.seal("task-token", flowId, Buffer.from(taskToken, "utf8")));
  const seen = await watch(flows, { flowId, waiter, trace: notes.trace });
  if (seen.kind === "refused") throw new Refusal(seen.problem);
  return { ...viewOutput(seen.view, flows.clock.now()), userId: seen.userId };
}

async function actOnFlow(operation: FlowOperation, tools: Tools, call: Call): Promise<Output> {
  const { sealedFlowToken, flowId, ...members } = parsePayload(call.payload, HeldFlowPayload);
  call.notes.flowId = flowId;
  const [key, body] = await Promise.all([
    flowKeyOf(tools, flowId, sealedFlowToken),
    bodyOf(operation.name, tools, members),
  ]);
  const work = accepted(operation.prepare(body, ofPayload));
  const { leaseMs, storeMs, storeTryMs } = tools.flows.settings.budgets;
  // What can't be finished isn't begun: after the step its answer's token has to be sealed.
  if (call.remainingMs() < leaseMs + storeMs + storeTryMs) {
    throw new Refusal({ error: "upstream-unavailable" });
  }
  const answer = await work(tools.flows, { key, device, trace: call.notes.trace });
  // The answer is committed: asked again with the old token, the same request finds it.
  return outputWithToken(tools, call, answer, {
    flowId,
    sealedFlowToken,
    lost: { error: "outcome-unknown" },
  });
}

async function flowKeyOf({ sealing }: Tools, flowId: string, sealedFlowToken: string): Promise<FlowKey> {
  const token = await available(sealing.open("flow-token", flowId, Buffer.from(sealedFlowToken, "base64")));
  // Another flow's or nobody's: the same as a flow that isn't there.
  if (token === undefined) throw new Refusal({ error: "flow-not-found" });
  return { flowId, flowToken: Buffer.from(token).toString("base64url") };
}

async function bodyOf(name: OperationName, { credentials }: Tools, members: object): Promise<object> {
  const takesSecret = isStep(name) && credentialMembers(name).length > 0;
  if (!takesSecret || !("credentialSecret" in members)) return members;
  const { credentialSecret, ...body } = parsePayload(members, SecretName);
  return { ...body, ...(await credentials(name, credentialSecret)) };
}

interface OutputContext {
  readonly flowId: string;
  readonly sealedFlowToken?: string;
  /** What it means that KMS can't seal the new token. */
  readonly lost: FlowProblem;
}

/**
 * The output, with the token that the answer brought under KMS; without a new one, with the one that came.
 */
async function outputWithToken(
  { flows, sealing }: Tools,
  { notes }: Call,
  { reply, flowToken }: Answer,
  shown: OutputContext,
): Promise<Output> {
  notes.outcome = outcomeOf(reply);
  const output = outputOf(shown.flowId, reply, flows.clock.now());
  notes.flowId = flowIdIn(output.flowId);
  // Resume gives nothing to go on with: asked again, it finds the code where it is.
  if (reply.kind === "authorized" || reply.kind === "cancelled") return output;
  if (flowToken === undefined) return { ...output, ...sealedTokenOf(shown.sealedFlowToken) };
  const token = Buffer.from(flowToken, "base64url");
  const kept = await sealing.seal("flow-token", output.flowId, token).catch(() => {
    throw new Refusal(shown.lost);
  });
  return { ...output, ...sealedTokenOf(Buffer.from(kept).toString("base64")) };
}

function sealedTokenOf(sealedFlowToken: string | undefined): Pick<Output, "sealedFlowToken"> {
  return sealedFlowToken === undefined ? {} : { sealedFlowToken };
}
