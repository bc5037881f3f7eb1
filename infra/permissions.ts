import type { FunctionName } from "./routes.ts";

/** A DynamoDB action, as IAM spells it. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export type TableAction =
  | "dynamodb:DeleteItem"
  | "dynamodb:GetItem"
  | "dynamodb:PutItem"
  | "dynamodb:UpdateItem";

/**
 * What each function does to the table, and so all it may do; a test compares this list with what the code paths send.
 * Status writes as well: it settles doubts and polls pushes. A failed condition brings the row along, save where there is none: then the function reads, to be sure.
 */
export const tableActions = {
  start: ["dynamodb:PutItem"],
  status: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
  cancel: ["dynamodb:DeleteItem", "dynamodb:GetItem"],
  lookup: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
  password: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
  otp: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
  device: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
  resume: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
} as const satisfies Record<FunctionName, readonly TableAction[]>;
