import * as z from "zod";
import type { OperationName } from "../../lib/operation/names.ts";
import type { Invoked } from "../local/deployed/function-pool.ts";
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

  /** Invokes a function on the flow with the newest token, and keeps what it puts out. */
  async step(name: OperationName, members: object = {}): Promise<Invoked> {
    const invoked = await this.#product.invoke(name, { ...this.key, ...members });
    if (invoked.kind === "answered") this.output = outputOf(invoked);
    return invoked;
  }
}
