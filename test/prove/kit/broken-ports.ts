import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { IdentityProvider, UpstreamReply } from "../../../lib/flow/provider.ts";
import { actionOf } from "../../../lib/flow/steps.ts";
import type { FlowRecord, FlowStore } from "../../../lib/flow/store.ts";

/** Longer than anybody is told to wait before a resume is asked again: milliseconds. */
const longestPauseMs = 60_000;

/**
 * An answer retires no token: an old one does for the newest.
 *
 * @param newest the newest token of each flow, by its id
 */
export function keepsTokens(
  { store, ...ports }: FlowPorts,
  newest: Map<string, string> = new Map(),
): FlowPorts {
  const claim: FlowStore["claim"] = async (request) => {
    const flowToken = newest.get(request.flowId) ?? request.flowToken;
    const won = await store.claim({ ...request, flowToken });
    if (won.kind !== "held") return won;
    const commit: typeof won.claim.commit = async (result) => {
      const committed = await won.claim.commit(result);
      newest.set(request.flowId, committed.flowToken);
      return committed;
    };
    return { ...won, claim: { ...won.claim, commit } };
  };
  return { ...ports, store: { ...store, claim } };
}

/** A call whose outcome is not known is made again. */
export function retries({ provider, ...ports }: FlowPorts): FlowPorts {
  const act: IdentityProvider["act"] = async (...call) => {
    const reply = await provider.act(...call);
    return reply.answer.kind === "doubtful" ? provider.act(...call) : reply;
  };
  return { ...ports, provider: { ...provider, act } };
}

/** An attempt is not given back, though the answer says that none was counted. */
export function keepsWhatItReturns({ store, ...ports }: FlowPorts): FlowPorts {
  const claim: FlowStore["claim"] = async (request) => {
    const won = await store.claim(request);
    if (won.kind !== "held") return won;
    const release: typeof won.claim.release = (given) =>
      won.claim.release({ ...given, attemptReturned: false });
    return { ...won, claim: { ...won.claim, release } };
  };
  return { ...ports, store: { ...store, claim } };
}

/** A read whose answer is lost is taken for one that was never sent. */
export function takesReadsForHarmless({ provider, ...ports }: FlowPorts): FlowPorts {
  const act: IdentityProvider["act"] = async (...call) => {
    const reply = await provider.act(...call);
    const isHarmless = call[0].call.kind === "read" && reply.answer.kind === "doubtful";
    return isHarmless ? { ...reply, answer: { kind: "unsent" } } : reply;
  };
  return { ...ports, provider: { ...provider, act } };
}

/**
 * A read that finds the step still on offer takes that for a proof that PingOne never saw it,
 * and sends it again.
 */
export function resendsWhatIsUnchanged({ provider, ...ports }: FlowPorts): FlowPorts {
  const last = new Map<string, Parameters<IdentityProvider["act"]>>();
  const act: IdentityProvider["act"] = (...call) => {
    last.set(call[1].upstreamFlowId, call);
    return provider.act(...call);
  };
  const read: IdentityProvider["read"] = async (jar, device, step) => {
    const reply = await provider.read(jar, device, step);
    const call = last.get(jar.upstreamFlowId);
    const action = call && actionOf(call[0].step);
    const isUnchanged =
      action !== undefined && reply.answer.kind === "flow" && reply.answer.flow.actions.includes(action);
    return isUnchanged && call !== undefined ? provider.act(...call) : reply;
  };
  return { ...ports, provider: { ...provider, act, read } };
}

/** A resume in doubt is asked again whenever somebody comes. */
export function asksAtOnce({ store, ...ports }: FlowPorts): FlowPorts {
  const due = <Found extends FlowRecord | undefined>(found: Found): Found =>
    found?.flow === undefined ? found : { ...found, flow: { ...found.flow, resumeAt: 0 } };
  return {
    ...ports,
    store: {
      ...store,
      read: async (...call) => due(await store.read(...call)),
      takeOver: (request) => store.takeOver({ ...request, now: request.now + longestPauseMs }),
    },
  };
}

/** A claim is granted however long the flow has been over. */
export function forgetsDeadlines({ store, ...ports }: FlowPorts): FlowPorts {
  const claim: FlowStore["claim"] = (request) => store.claim({ ...request, now: 0 });
  return { ...ports, store: { ...store, claim } };
}

/** A flow's life is reckoned from our own clock. */
export function trustsOwnClock({ provider, ...ports }: FlowPorts): FlowPorts {
  const reckon = (reply: UpstreamReply): UpstreamReply => {
    if (reply.answer.kind !== "flow") return reply;
    const { flow } = reply.answer;
    const lifetimeMs = Date.parse(flow.expiresAt) - ports.clock.now();
    return { ...reply, answer: { kind: "flow", flow: { ...flow, lifetimeMs } } };
  };
  const start: IdentityProvider["start"] = async (...call) => reckon(await provider.start(...call));
  const act: IdentityProvider["act"] = async (...call) => reckon(await provider.act(...call));
  return { ...ports, provider: { ...provider, start, act } };
}

/** A write that meets its own first try takes it for another's. */
export function knowsNoOwnWrites(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const isOwn = error instanceof ConditionalCheckFailedException && error.$metadata.attempts !== 1;
        if (isOwn) error.Item = {};
        throw error;
      }
    },
    { step: "initialize", name: "knowsNoOwnWrites" },
  );
  return client;
}
