import * as z from "zod";
import type { Invoked } from "../deployed/function-pool.ts";

/** What a task gives to `lambda:invoke`. */
export const LambdaParameters = z.strictObject({ FunctionName: z.string(), Payload: z.json() });

/** What a task failed with: the interpreter takes its name for `Error` and its message for `Cause`. */
export class TaskFailed extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** By what name a task fails whose process is gone or took too long. */
export type LostName = "Lambda.Unknown" | "Runtime.ExitError" | "Sandbox.Timedout";

/**
 * What Step Functions makes of an invocation.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 *
 * @throws TaskFailed by the name of the function's own error, or by one of Lambda's
 */
export function taskResult(invoked: Invoked, lostName: LostName = "Lambda.Unknown") {
  switch (invoked.kind) {
    case "answered":
      return {
        ExecutedVersion: "$LATEST",
        Payload: z.json().parse(JSON.parse(invoked.payload)),
        SdkHttpMetadata: { HttpStatusCode: 200 },
        SdkResponseMetadata: { RequestId: crypto.randomUUID() },
        StatusCode: 200,
      };
    case "failed": {
      const { errorType, message, trace } = invoked;
      throw new TaskFailed(errorType, JSON.stringify({ errorType, errorMessage: message, trace }));
    }
    case "throttled":
      throw new TaskFailed("Lambda.TooManyRequestsException", "Rate Exceeded.");
    case "timed-out":
    case "crashed":
      throw new TaskFailed(
        lostName,
        "The cause could not be determined because Lambda did not return an error type.",
      );
  }
}
