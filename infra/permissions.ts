import type { FunctionName } from "./routes.ts";

/** A DynamoDB action, as IAM spells it. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export type TableAction =
  | "dynamodb:DeleteItem"
  | "dynamodb:GetItem"
  | "dynamodb:PutItem"
  | "dynamodb:UpdateItem";

/**
 * What each function does to the table, and so all it may do. Where a condition fails DynamoDB brings the row along,
 * and no function but status reads; a test compares this list with what the code paths send.
 */
export const tableActions = {
  start: ["dynamodb:PutItem"],
  status: ["dynamodb:GetItem"],
  cancel: ["dynamodb:DeleteItem"],
  lookup: ["dynamodb:UpdateItem"],
  password: ["dynamodb:UpdateItem"],
  otp: ["dynamodb:UpdateItem"],
  device: ["dynamodb:UpdateItem"],
  resume: ["dynamodb:UpdateItem"],
} as const satisfies Record<FunctionName, readonly TableAction[]>;
