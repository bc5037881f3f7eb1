import { createHash } from "node:crypto";
import type { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { Jar } from "../../../lib/flow/jar.ts";
import type { IdentityProvider } from "../../../lib/flow/provider.ts";
import type { ClaimRequest, FlowStore } from "../../../lib/flow/store.ts";
import type { Defect } from "./proof.ts";

/** Whoever names a flow that exists is told so, whatever token they show. */
export function tellsThatItExists({ store, ...ports }: FlowPorts): FlowPorts {
  const claim: FlowStore["claim"] = async (request) => {
    const won = await store.claim(request);
    if (won.kind !== "refused" || won.found?.token !== "none") return won;
    const seen = await store.watch({ flowId: request.flowId, now: request.now });
    return { kind: "refused", found: { token: "previous", flow: seen?.flow } };
  };
  return { ...ports, store: { ...store, claim } };
}

/** A guess at what a superseded token bought is not counted. */
export function countsNoMisses(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  return editing(client, ({ ConditionExpression = "", ExpressionAttributeValues = {} }) => {
    if (ConditionExpression.includes("#misses")) ExpressionAttributeValues[":one"] = 0;
  });
}

/** The newest cookie lies in the row, in base64, where nobody would look for it. */
export function keepsCookies(): Defect {
  let cookie = "";
  return {
    ports: noting(({ cookies }) => {
      cookie = Buffer.from(cookies.at(-1)?.value ?? "").toString("base64");
    }),
    client: (client) =>
      editing(client, ({ ExpressionAttributeValues: values = {} }) => {
        if (":new_view" in values) values[":new_view"] = { ...values[":new_view"], selectedDevice: cookie };
      }),
  };
}

/** A claim's digest is a plain hash of its request. */
export function hashesPlainly(): Defect {
  let canonical = "";
  return {
    ports: asking((request) => {
      canonical = request.canonical;
    }),
    client: (client) =>
      editing(client, ({ ExpressionAttributeValues: values = {} }) => {
        if (":new_claim" in values) {
          values[":new_claim"].digest = createHash("sha256").update(canonical).digest();
        }
      }),
  };
}

/** A claim has what opens the row in its id. */
export function keepsKeys(): Defect {
  let token = "";
  return {
    ports: asking(({ flowToken }) => {
      token = flowToken;
    }),
    client: (client) =>
      editing(client, ({ ExpressionAttributeValues: values = {} }) => {
        if (":new_claim" in values) values[":new_claim"].key = Buffer.from(token, "base64url");
      }),
  };
}

/** What is sent to PingOne is printed, in hex. */
export function printsCommands({ provider, ...ports }: FlowPorts): FlowPorts {
  const act: IdentityProvider["act"] = (...call) => {
    process.stderr.write(`${Buffer.from(JSON.stringify(call[0])).toString("hex")}\n`);
    return provider.act(...call);
  };
  return { ...ports, provider: { ...provider, act } };
}

/** A client is shown PingOne's id of the flow. */
export function showsUpstreamIds({ provider, ...ports }: FlowPorts): FlowPorts {
  const act: IdentityProvider["act"] = async (...call) => {
    const reply = await provider.act(...call);
    if (reply.answer.kind !== "flow") return reply;
    const details = { ...reply.answer.flow.details, selectedDevice: reply.jar.upstreamFlowId };
    return { ...reply, answer: { kind: "flow", flow: { ...reply.answer.flow, details } } };
  };
  return { ...ports, provider: { ...provider, act } };
}

function noting(note: (jar: Jar) => void) {
  return ({ provider, ...ports }: FlowPorts): FlowPorts => {
    const act: IdentityProvider["act"] = async (...call) => {
      const reply = await provider.act(...call);
      note(reply.jar);
      return reply;
    };
    return { ...ports, provider: { ...provider, act } };
  };
}

function asking(note: (request: ClaimRequest) => void) {
  return ({ store, ...ports }: FlowPorts): FlowPorts => {
    const claim: FlowStore["claim"] = (request) => {
      note(request);
      return store.claim(request);
    };
    return { ...ports, store: { ...store, claim } };
  };
}

/** Changes what is written before it is. */
function editing(
  client: DynamoDBDocumentClient,
  edit: (input: UpdateCommand["input"]) => void,
): DynamoDBDocumentClient {
  const send = (command: UpdateCommand, options?: { readonly abortSignal?: AbortSignal }) => {
    edit(command.input);
    return client.send(command, options);
  };
  return new Proxy(client, {
    get: (target, name) => (name === "send" ? send : Reflect.get(target, name)),
  });
}
