import type { FlowPorts } from "../flow/context.ts";
import { failureOf, type RequestLog, requestIdOf } from "../log.ts";
import { isOpenToWorkflows } from "../operation/names.ts";
import type { Operation } from "../operation/operation.ts";
import { createCredentials } from "./credentials.ts";
import { Refusal, WorkflowError, type WorkflowProblem } from "./errors.ts";
import type { Output } from "./output.ts";
import { refuseSecrets } from "./payload.ts";
import { createSealing } from "./sealing.ts";
import { type Notes, perform } from "./tasks.ts";

/** What workflows may use in an environment. */
export interface WorkflowSettings {
  /** The ARN of the key that flow tokens and task tokens are sealed under. */
  readonly keyArn: string;
  /** What the names of all secrets begin with that a workflow may name. */
  readonly credentialSecretPrefix: string;
}

/** What the functions of one deployment run on when a workflow calls. */
export interface WorkflowApp {
  readonly flows: FlowPorts;
  readonly log: RequestLog;
  readonly environment: string;
  /** Absent where no workflow may call. */
  readonly workflow: WorkflowSettings | undefined;
}

/** The part of Lambda's context that is used. */
interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** A function as a task of a workflow. Rejects with a {@link WorkflowError}, and with nothing else. */
export type WorkflowHandler = (payload: unknown, context: InvocationContext) => Promise<Output>;

/**
 * A function as a task of Step Functions, whose caller IAM has authenticated. Step Functions keeps what
 * goes in and out for 90 days, so no secret does: credentials come by the name of their secret, the
 * flow token under KMS.
 */
export function workflowHandler(operation: Operation, app: WorkflowApp): WorkflowHandler {
  const { flows, log } = app;
  const tools = toolsOf(app);
  let coldStart = true;
  return async (payload, context) => {
    const startedAt = flows.clock.now();
    const notes: Notes = { trace: {}, outcome: "view" };
    const requestId = requestIdOf(context.awsRequestId);
    try {
      refuseSecrets(payload);
      if (tools === undefined) throw new Refusal({ error: "workflows-disabled" });
      if (operation.kind === "flowless" || !isOpenToWorkflows(operation.name)) {
        throw new Refusal({ error: "not-for-workflows" });
      }
      const remainingMs = () => context.getRemainingTimeInMillis();
      return await perform(operation, tools, { payload: membersOf(payload), notes, remainingMs });
    } catch (error) {
      const problem = problemOf(error, notes);
      throw new WorkflowError(problem, requestId);
    } finally {
      const { trace, ...noted } = notes;
      const totalMs = flows.clock.now() - startedAt;
      log({ requestId, step: operation.name, ...trace, ...noted, totalMs, coldStart });
      coldStart = false;
    }
  };
}

function toolsOf({ flows, environment, workflow }: WorkflowApp) {
  const { budgets } = flows.settings;
  return (
    workflow && {
      flows,
      sealing: createSealing({ environment, keyArn: workflow.keyArn, budgets }),
      credentials: createCredentials({ ...workflow, budgets }),
    }
  );
}

function membersOf(payload: unknown): object {
  if (typeof payload === "object" && payload !== null && !Array.isArray(payload)) return payload;
  throw new Refusal({ error: "request-invalid", fields: [{ name: "payload", reason: "malformed" }] });
}

function problemOf(error: unknown, notes: Notes): WorkflowProblem {
  const problem: WorkflowProblem = error instanceof Refusal ? error.problem : { error: "internal" };
  notes.outcome = problem.error;
  if (problem.error === "internal" && error instanceof Error) notes.error = failureOf(error);
  return problem;
}
