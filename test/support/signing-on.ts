import { SendTaskSuccessCommand, SFNClient } from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import * as z from "zod";
import type { Definition } from "../local/workflow/definition.ts";
import { type Ending, type Execution, executionName, type Json } from "../local/workflow/execution.ts";
import { people } from "../simulator/people.ts";
import type { ApiReply } from "./flow-client.ts";
import type { HoldingClient } from "./holding-client.ts";
import { standInAws } from "./stand-in.ts";
import { createWorkflowProduct, type RunOptions, type WorkflowProduct } from "./workflow-product.ts";

const HandedOver = z.strictObject({
  execution: z.literal(executionName),
  flowId: z.string(),
  status: z.string(),
  next: z.array(z.string()),
  expiresAt: z.string(),
});

/** A sign-on that a workflow waits for. */
export interface SignOnRun {
  readonly execution: Execution;
  readonly holding: HoldingClient;
  /** What the customer was told after the sign-on. */
  readonly told: readonly unknown[];
}

/** How a sign-on differs from one where the client does nothing until the workflow waits. */
export interface SignOnOptions extends RunOptions {
  /** What the execution is given beside what the client gives away. */
  readonly input?: Readonly<Record<string, string>>;
  /** Done as soon as the client has its flow. */
  readonly meanwhile?: (holding: HoldingClient) => Promise<unknown>;
}

/** Runs the sign-on workflow with a client and a customer. */
export class SigningOn {
  readonly product: WorkflowProduct;
  readonly workflow: Definition;
  readonly #stepFunctions: SFNClient;

  private constructor(product: WorkflowProduct) {
    this.product = product;
    this.workflow = product.definition("SignOnWorkflow");
    const { endpoint } = product.callbacks;
    this.#stepFunctions = new SFNClient({ ...standInAws, endpoint, maxAttempts: 1 });
  }

  static async create(): Promise<SigningOn> {
    return new SigningOn(await createWorkflowProduct({ switches: { cookiesAt: "authorize" } }));
  }

  start({
    input = {},
    meanwhile = async () => {},
    customers = {},
    ...options
  }: SignOnOptions = {}): SignOnRun {
    const holding = this.product.client();
    const told: unknown[] = [];
    const theirs = {
      HandOver: async (payload: unknown): Promise<Json> => {
        holding.client.flowId = HandedOver.parse(payload).flowId;
        await meanwhile(holding);
        return {};
      },
      AfterSignOn: async (payload: unknown): Promise<Json> => {
        told.push(payload);
        return {};
      },
    };
    const all = { ...options, customers: { ...theirs, ...customers } };
    const execution = this.product.run(this.workflow, { ...holding.given, ...input }, all);
    return { execution, holding, told };
  }

  /** Waits until the workflow waits; then the client signs on. */
  async whenAwaited({ execution, holding }: SignOnRun): Promise<Ending> {
    await execution.waiting();
    await signOn(holding);
    return execution.ended;
  }

  /** Tells Step Functions that a task is done, as whoever has its token can. */
  report(taskToken: string, output: unknown): Promise<unknown> {
    return this.#stepFunctions.send(
      new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }),
    );
  }

  async close(): Promise<void> {
    this.#stepFunctions.destroy();
    await this.product.close();
  }
}

/** The client signs on by its password. */
export function signOn({ client }: HoldingClient): Promise<ApiReply> {
  const { username, password } = people.passwordOnly;
  return client.step("password", { username, password });
}

/** The error that an execution ended with; its status where it ended with none. */
export function errorOf(ending: Ending): string {
  return ending.status === "FAILED" ? ending.error : ending.status;
}

/** Holds a run to have signed its person on, and to have told so. */
export function expectSignedOn({ told, holding }: SignOnRun, ending: Ending): void {
  expect(ending).toMatchObject({ status: "SUCCEEDED", state: "SignedOn" });
  const { flowId } = holding.client;
  const status: unknown = expect.stringMatching(/^(COMPLETED|RESUMED)$/);
  expect(told).toEqual([{ execution: executionName, flowId, status, userId: people.passwordOnly.id }]);
}
