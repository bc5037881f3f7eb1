import * as z from "zod";
import type { JSONSchema } from "zod/v4/core";
import { HttpStartBody } from "../../lib/http/schemas.ts";
import { DeviceBody } from "../../lib/operation/bodies/device.ts";
import { LookupBody } from "../../lib/operation/bodies/lookup.ts";
import { OtpBody } from "../../lib/operation/bodies/otp.ts";
import { PasswordBody } from "../../lib/operation/bodies/password.ts";
import type { OperationName } from "../../lib/operation/names.ts";

const bodies = new Map<OperationName, z.ZodType>([
  ["start", HttpStartBody],
  ["lookup", LookupBody],
  ["password", PasswordBody],
  ["otp", OtpBody],
  ["device", DeviceBody],
]);

/**
 * The JSON schema of a function's body, of the draft that API Gateway validates by; nothing where no body is needed.
 * It is made from the schema that the function itself uses, which stays the authority: lengths in JSON Schema count
 * code points and ours count UTF-16 units, so the gateway may let through what the function refuses.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 */
export function bodyModel(name: OperationName): JSONSchema.BaseSchema | undefined {
  const body = bodies.get(name);
  return body && z.toJSONSchema(body, { target: "draft-4", io: "input" });
}
