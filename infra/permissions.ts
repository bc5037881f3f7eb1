import { credentialMembers, isForWorkflows, isStep, steps } from "../lib/flow/steps.ts";
import {
  alwaysHashes,
  type OperationName,
  operationNames,
  type WholeFlowOperation,
} from "../lib/operation/names.ts";

/**
 * A DynamoDB action, as IAM spells it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export type TableAction =
  | "dynamodb:DeleteItem"
  | "dynamodb:GetItem"
  | "dynamodb:PutItem"
  | "dynamodb:UpdateItem";

const ofWholeFlow = {
  start: ["dynamodb:PutItem", "dynamodb:UpdateItem"],
  status: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
  cancel: ["dynamodb:DeleteItem", "dynamodb:GetItem"],
  refresh: [],
} as const satisfies Record<WholeFlowOperation, readonly TableAction[]>;

/**
 * What a function does to the rows of flows, and so all it may do to them; a test compares it with what the
 * code paths send. Status writes as well: it settles doubts and polls pushes. A failed condition brings the
 * row along, save where there is none: then the function reads, to be sure.
 */
export function tableActions(name: OperationName): readonly TableAction[] {
  return isStep(name) ? ["dynamodb:GetItem", "dynamodb:UpdateItem"] : ofWholeFlow[name];
}

/** The functions that count something, and so hash whom it is for under the hash key. */
export const hashingFunctions: readonly OperationName[] = operationNames.filter(
  (name) => alwaysHashes(name) || name === "start",
);

/**
 * What those do to the rows of limits: they update them, together in a transaction, which needs the same
 * right.
 */
export const limitActions = ["dynamodb:UpdateItem"] as const satisfies readonly TableAction[];

/** Whatever any function does to the table: all that a network lets through to it. */
export const everyTableAction: readonly TableAction[] = [
  ...new Set([...operationNames.flatMap(tableActions), ...limitActions]),
].toSorted();

/** The functions that prove an application to PingOne, or sign for it, and so read its secret. */
export const provingFunctions: readonly OperationName[] = operationNames.filter((name) =>
  isStep(name) ? steps[name].call.kind === "exchange" : name === "refresh" || name === "start",
);

/** The functions that sign for an application by a key of KMS: those that begin flows. */
export const signingFunctions: readonly OperationName[] = ["start"];

/** What the workflow key seals: each use has an encryption context of its own. */
export type SealPurpose = "flow-token" | "task-token";

/** What a function may do beside the table when Step Functions calls it, or waits for the flow it acts on. */
export interface WorkflowRights {
  readonly encrypts: readonly SealPurpose[];
  readonly decrypts: readonly SealPurpose[];
  /** Whether it may tell a waiting state machine what became of a flow. */
  readonly reports: boolean;
  /** Whether it may tell one that another waits in its place. */
  readonly replaces: boolean;
  /** Whether it may read the credential that a call names. */
  readonly readsCredentials: boolean;
}

const both: readonly SealPurpose[] = ["flow-token", "task-token"];

const workflowsOnWholeFlow = {
  start: { encrypts: ["flow-token"], decrypts: [], reports: false, replaces: false, readsCredentials: false },
  status: { encrypts: both, decrypts: both, reports: true, replaces: true, readsCredentials: false },
  refresh: { encrypts: [], decrypts: [], reports: false, replaces: false, readsCredentials: false },
  cancel: { encrypts: [], decrypts: both, reports: true, replaces: false, readsCredentials: false },
} as const satisfies Record<WholeFlowOperation, WorkflowRights>;

/**
 * What a function needs where workflows are on; a test compares it with what the code paths send. Any step
 * may find a doubt and settle it, so each of them seals a new token and may be the one that ends the flow.
 * Start opens nothing: it makes the token that it seals. Status alone seals a task token, and so takes one's
 * place, for it is status that a state machine waits by.
 */
export function workflowRights(name: OperationName): WorkflowRights {
  if (!isStep(name)) return workflowsOnWholeFlow[name];
  // A client that takes it may find a flow in doubt that a workflow waits for.
  if (!isForWorkflows(name)) {
    return {
      encrypts: [],
      decrypts: ["task-token"],
      reports: true,
      replaces: false,
      readsCredentials: false,
    };
  }
  const readsCredentials = credentialMembers(name).length > 0;
  return { encrypts: ["flow-token"], decrypts: both, reports: true, replaces: false, readsCredentials };
}
