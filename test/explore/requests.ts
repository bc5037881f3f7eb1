import { cancel } from "../../lib/flow/cancel.ts";
import type { FlowPorts, FlowRequest } from "../../lib/flow/context.ts";
import { refuse } from "../../lib/flow/judge.ts";
import { refresh } from "../../lib/flow/refresh.ts";
import type { Answer } from "../../lib/flow/reply.ts";
import { start } from "../../lib/flow/start.ts";
import { status } from "../../lib/flow/status.ts";
import { step } from "../../lib/flow/step.ts";
import type { MemberKind } from "../../lib/flow/step-definition.ts";
import {
  canonicalRequest,
  canonicalStart,
  type StepCommand,
  type StepName,
  steps,
} from "../../lib/flow/steps.ts";
import type { FlowKey, Holder } from "../../lib/flow/store.ts";
import { watch } from "../../lib/flow/watch.ts";
import { devices } from "./pingone/statuses.ts";
import { startOf } from "./table/tokens.ts";
import { application, environment } from "./world.ts";

/**
 * Who asks.
 *
 * | role       | shows                                                          |
 * |------------|----------------------------------------------------------------|
 * | `holder`   | the newest token                                               |
 * | `repeater` | the token before it, with the request that it bought           |
 * | `outdated` | the token before it, with another request                      |
 * | `stranger` | a token that the flow never had, or one from before those      |
 * | `workflow` | none: IAM has let it through                                   |
 * | `starter`  | none: it begins a flow                                         |
 */
export type Role = "holder" | "outdated" | "repeater" | "starter" | "stranger" | "workflow";

/** A request that is explored. */
export interface RequestSpec {
  readonly name: string;
  readonly role: Role;
  /** The token it shows; empty where it shows none. */
  readonly token: string;
  /** Tells it from another request with the same token; only a step, or a read, can be repeated by it. */
  readonly canonical?: string | undefined;
  /** The step that is asked for, with its body; none where nothing is. */
  readonly command?: StepCommand | undefined;
  /** Who is to be told of the end. */
  readonly waiter?: Uint8Array | undefined;
  /** Whether nobody may take it up, whatever there is. */
  readonly isUnfit?: boolean | undefined;
  run(ports: FlowPorts): Promise<Answer>;
}

/** Which body a step is asked for with: two are two requests, and `unfit` is one that no flow can take. */
export type Body = "one" | "other" | "unfit";

const members: Readonly<Record<MemberKind, Readonly<Record<Body, unknown>>>> = {
  attributes: {
    one: { nickname: "Ada" },
    other: { nickname: "Countess" },
    unfit: { email: "ada@example.com" },
  },
  device: { one: devices[0].id, other: devices[1].id, unfit: "device-9" },
  person: { one: "ada@example.com", other: "bob@example.com", unfit: "ada@example.com" },
  plain: { one: "plain", other: "other", unfit: "plain" },
  secret: { one: "123456", other: "654321", unfit: "12" },
  signed: { one: signedAt("AQ"), other: signedAt("Ag"), unfit: signedAt("AQ", "https://elsewhere.example") },
};

/** A step with a body that fits what its definition says of the members. */
export function commandFor(name: StepName, body: Body = "one", deviceId?: string): StepCommand {
  const definition: Asked = steps[name];
  const valueFor = (kind: MemberKind) => (kind === "device" && deviceId) || members[kind][body];
  const kinds = Object.entries(definition.members);
  return definition.command(Object.fromEntries(kinds.map(([member, kind]) => [member, valueFor(kind)])));
}

/** What a passkey has signed for a page. */
function signedAt(signature: string, origin: string = application.passkeyOrigins[0]): object {
  const clientDataJSON = Buffer.from(JSON.stringify({ type: "webauthn.get", origin })).toString("base64url");
  const response = { clientDataJSON, authenticatorData: "AQ", signature, userHandle: null };
  return { id: "AQ", rawId: "AQ", type: "public-key", response };
}

/** What any definition has, whatever its body. */
interface Asked {
  readonly members: Readonly<Record<string, MemberKind>>;
  command(body: object): StepCommand;
}

/** The network that everybody is in. */
const network = "192.0.2.1";

const device = { userAgent: "explorer" };

const beginning = { codeChallenge: "challenge", nonce: "nonce", device, network };

function asked(key: FlowKey): FlowRequest {
  return { key, device, network, trace: {} };
}

/** `POST /flows/{flowId}/{step}`. */
export function stepRequest(
  role: Role,
  key: FlowKey,
  name: StepName,
  body: Body = "one",
  deviceId?: string,
): RequestSpec {
  const command = commandFor(name, body, deviceId);
  return {
    ...{
      name: body === "one" ? name : `${name}, ${body} body`,
      role,
      token: key.flowToken,
      command,
    },
    canonical: canonicalRequest(command),
    run: (ports) => step(ports, { ...asked(key), command }),
  };
}

/** `GET /flows/{flowId}`. */
export function statusRequest(role: Role, key: FlowKey): RequestSpec {
  const canonical = canonicalRequest(commandFor("poll"));
  return { name: "status", role, token: key.flowToken, canonical, run: (ports) => status(ports, asked(key)) };
}

/** `DELETE /flows/{flowId}`. */
export function cancelRequest(role: Role, key: FlowKey): RequestSpec {
  return { name: "cancel", role, token: key.flowToken, run: (ports) => cancel(ports, asked(key)) };
}

/** A waiter as it is sealed: each time the same one gives other bytes. */
export function sealedWaiter(waiter: string, time: number): Uint8Array {
  return new TextEncoder().encode(`${waiter} ${time}`);
}

/** The waiter in such bytes. */
export function waiterIn(sealed: Uint8Array): string {
  return new TextDecoder().decode(sealed).replace(/ .*$/, "");
}

/** A workflow's look, with somebody who waits for the end, or without. */
export function watchRequest(flowId: string, waiter?: Uint8Array): RequestSpec {
  return {
    ...{ name: waiter === undefined ? "look" : "look and wait", role: "workflow", token: "", waiter },
    run: async (ports) => {
      const seen = await watch(ports, { flowId, waiter, trace: {} });
      return seen.kind === "seen" ? { reply: { kind: "view", view: seen.view } } : refuse(seen.problem);
    },
  };
}

/** What a start asks for beside the usual. */
export interface Beginning {
  readonly application?: string;
  readonly policy?: string;
  readonly loginHint?: string;
  /** Of a person who is to prove themselves anew. */
  readonly idToken?: string;
  readonly holder?: Holder;
}

/** `POST /flows` under a key, with a hint or an ID token: the same body again is the same request. */
export function onceRequest(body: Body = "one", asked: Pick<Beginning, "idToken"> = {}): RequestSpec {
  const name = body === "one" ? "ada@example.com" : "bob@example.com";
  const hint = asked.idToken === undefined ? { loginHint: name } : asked;
  const once = {
    idempotencyKey: "a key that the client has drawn",
    canonical: canonicalStart({ ...hint, body }),
  };
  const { token } = startOf(environment, once.idempotencyKey, once.canonical);
  const isVouchedFor = asked.idToken !== undefined;
  return {
    ...{
      name: `start under a key${isVouchedFor ? ", with an ID token" : ""}${body === "one" ? "" : `, ${body} body`}`,
      role: "starter",
    },
    // What the request shows is made of it.
    ...{ token: token.text, canonical: once.canonical },
    run: (ports) => start(ports, { ...beginning, trace: {}, ...hint, once }),
  };
}

/** `POST /flows`. @param isUnfit whether the application takes none such */
export function startRequest(asked: Beginning, isUnfit = false): RequestSpec {
  const { application: of, policy, loginHint, idToken, holder } = asked;
  const parts = [
    "start",
    of && `for ${of}`,
    policy && `under ${policy}`,
    loginHint && "with a hint",
    idToken && "with an ID token",
    holder && "for somebody else",
  ];
  return {
    ...{ name: parts.filter(Boolean).join(" "), role: "starter", token: "", isUnfit },
    run: (ports) => start(ports, { ...beginning, trace: {}, ...asked }),
  };
}

/** `POST /tokens`. @param isUnfit whether the application renews none */
export function renewalRequest(of: string, isUnfit = false): RequestSpec {
  return {
    ...{ name: `renewal for ${of}`, role: "starter", token: "", isUnfit },
    run: (ports) =>
      refresh(ports, { application: of, refreshToken: "refresh-of-ada", device, network, trace: {} }),
  };
}
