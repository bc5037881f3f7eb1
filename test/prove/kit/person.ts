import { createHash } from "node:crypto";
import { clientSteps, type StepName } from "../../../lib/flow/steps.ts";
import { type ApiCall, type ApiReply, parseReply, type Transport } from "./api.ts";
import type { Stage } from "./stage.ts";

/** One request of a person and its reply; none when the function died over it. */
export interface Sent {
  readonly call: ApiCall;
  readonly reply: ApiReply | undefined;
}

let tags = 0;

/** A person's client on one flow. It keeps all that it sent, so that it can be judged afterwards. */
export class Person {
  readonly sent: Sent[] = [];
  /** What the flow's challenge is made of. */
  readonly verifier = "verifier-of-a-person-who-signs-on-in-a-proof";
  flowId = "";
  token = "";
  /** What has been sent and not been answered yet. */
  pending: ApiCall | undefined;
  /** Where the requests go; another one, and another process answers. */
  transport: Transport;
  readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
    this.transport = stage.transport;
  }

  /** `POST /flows`. */
  async start(policy: string, application?: string): Promise<ApiReply> {
    const codeChallenge = createHash("sha256").update(this.verifier).digest("base64url");
    const body = { policy, codeChallenge, ...(application === undefined ? {} : { application }) };
    const { reply } = await this.#send({ name: "start", tag: drawTag(), body });
    this.flowId = reply?.body.flowId ?? "";
    if (this.flowId === "") throw new Error(`A flow could not be started: ${reply?.text}`);
    return reply ?? nothing();
  }

  /**
   * `POST /flows/{flowId}/{step}` with the newest token; a step without a URL of its own is taken by reading.
   */
  step(step: StepName, body: ApiCall["body"], token = this.token): Promise<Sent> {
    const name = clientSteps.find((one) => one === step) ?? "status";
    return this.#send({ name, body, flowId: this.flowId, token, tag: drawTag() });
  }

  /** `GET /flows/{flowId}` with the newest token. */
  status(): Promise<Sent> {
    return this.#send({ name: "status", flowId: this.flowId, token: this.token, tag: drawTag() });
  }

  /** The same request again, to the last byte. */
  repeat({ call }: Sent): Promise<Sent> {
    return this.#send({ ...call, tag: drawTag() });
  }

  /** What the person has at hand in this flow, such as the code that was sent last; else in any of theirs. */
  code(username: string): string | undefined {
    const calls = this.sent.flatMap(({ call }) => this.stage.callsOf(call.tag));
    const flowIds = new Set(calls.flatMap(({ flowId }) => flowId ?? []));
    // Many may sign on as the same person at once: only the flow tells whose code it is.
    return this.stage.simulator.atHand(username, flowIds);
  }

  async #send(call: ApiCall): Promise<Sent> {
    this.pending = call;
    const raw = await this.transport(call).catch(() => undefined);
    this.pending = undefined;
    const one = { call, reply: raw && parseReply(raw) };
    this.sent.push(one);
    this.token = one.reply?.token ?? this.token;
    return one;
  }
}

function drawTag(): string {
  tags += 1;
  return `request-${process.pid}-${tags}`;
}

function nothing(): never {
  throw new Error("No reply came.");
}
