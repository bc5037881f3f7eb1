import * as z from "zod";
import { type ClientStep, credentialMembers } from "../../lib/flow/steps.ts";
import type { OperationName } from "../../lib/operation/names.ts";
import type { Invoked } from "../local/deployed/function-pool.ts";
import type { SampleBody } from "./step-sample.ts";
import { rightAnswer, sceneBefore, type Walker, walkTo } from "./step-scenes.ts";
import type { WorkflowProduct } from "./workflow-product.ts";

const Output = z.looseObject({
  flowId: z.string(),
  status: z.string(),
  error: z.string().optional(),
  next: z.array(z.string()).optional(),
  expiresIn: z.number().optional(),
  sealedFlowToken: z.string().optional(),
  settled: z.string().optional(),
  pending: z.string().optional(),
  userId: z.string().optional(),
  attemptsRemaining: z.number().optional(),
  retryAfter: z.number().optional(),
});

/** What a direct invocation put out. */
export type Output = z.output<typeof Output>;

/** A challenge whose verifier nobody knows. */
export const nobodysChallenge = "A".repeat(43);

/** What a direct invocation put out; an error that says what it came to where it put out nothing. */
export function outputOf(invoked: Invoked): Output {
  if (invoked.kind !== "answered") throw new Error(`Nothing was put out: ${JSON.stringify(invoked)}`);
  return Output.parse(JSON.parse(invoked.payload));
}

/**
 * What an invocation came to: what it threw or put out as an error; the flow's status where it came to none.
 */
export function wordFor(invoked: Invoked): string {
  if (invoked.kind === "answered") {
    const { error, status } = outputOf(invoked);
    return error ?? status;
  }
  return invoked.kind === "failed" ? invoked.errorType : invoked.kind;
}

/** What the names of secrets begin with that a workflow may name. */
export function secretPrefixOf({ pool }: Pick<WorkflowProduct, "pool">): string {
  return pool("start").definition.variables["CREDENTIAL_SECRET_PREFIX"] ?? "";
}

let secrets = 0;

/** What a workflow sends in the place of a body; what it may not carry is put into a secret of its own. */
export function payloadFor(
  product: WorkflowProduct,
  step: ClientStep,
  body: SampleBody = {},
): Readonly<Record<string, unknown>> {
  const members = credentialMembers(step);
  if (members.length === 0) return body;
  const isHidden = ([name]: readonly [string, unknown]) => members.includes(name);
  const entries = Object.entries(body);
  secrets += 1;
  const credentialSecret = `${secretPrefixOf(product)}drawn-${secrets}`;
  product.secrets.put(credentialSecret, JSON.stringify(Object.fromEntries(entries.filter(isHidden))));
  return { ...Object.fromEntries(entries.filter((entry) => !isHidden(entry))), credentialSecret };
}

/** A flow that a workflow holds, brought to where a step is offered; and what is right there. */
export async function heldBefore(
  product: WorkflowProduct,
  step: ClientStep,
): Promise<{ readonly held: HeldFlow; readonly right: SampleBody }> {
  const held = new HeldFlow(product);
  const scene = sceneBefore(step, product.simulator);
  const walker: Walker = {
    start: (policy, application) =>
      held.start({ policy, ...(application === undefined ? {} : { application }) }),
    step: (...taken) => held.take(...taken),
    code: (username) => product.simulator.atHand(username),
  };
  await walkTo(scene, walker, product.simulator);
  return { held, right: rightAnswer(step, scene.who, walker) };
}

/** A flow whose token a workflow holds, walked by direct invocations. */
export class HeldFlow {
  readonly #product: WorkflowProduct;
  /** The newest output. */
  output: Output = { flowId: "", status: "" };

  constructor(product: WorkflowProduct) {
    this.#product = product;
  }

  /** What names the flow and its token in a payload. */
  get key(): { readonly flowId: string; readonly sealedFlowToken: string } {
    return { flowId: this.output.flowId, sealedFlowToken: this.output.sealedFlowToken ?? "" };
  }

  /** Starts it; anything but an output is an error. */
  async start(members: object = {}): Promise<this> {
    const invoked = await this.#product.invoke("start", { codeChallenge: nobodysChallenge, ...members });
    this.output = outputOf(invoked);
    return this;
  }

  /** Takes a step as a workflow does: whatever names or proves the person comes from a secret. */
  take(step: ClientStep, body: SampleBody = {}): Promise<Invoked> {
    return this.step(step, payloadFor(this.#product, step, body));
  }

  /** Invokes a function on the flow with the newest token, and keeps what it puts out. */
  async step(name: OperationName, members: object = {}): Promise<Invoked> {
    const invoked = await this.#product.invoke(name, { ...this.key, ...members });
    if (invoked.kind === "answered") this.output = outputOf(invoked);
    return invoked;
  }
}
