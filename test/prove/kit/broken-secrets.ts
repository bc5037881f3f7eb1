import type { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { FlowStore } from "../../../lib/flow/ports.ts";

/** Whoever names a flow that exists is told so, whatever token they show. */
export function tellsThatItExists({ store, ...ports }: FlowPorts): FlowPorts {
  const claim: FlowStore["claim"] = async (request) => {
    const won = await store.claim(request);
    if (won.kind === "held" || won.found?.token !== "none") return won;
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
