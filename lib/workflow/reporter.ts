import { SendTaskSuccessCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientSettings } from "../aws/client-settings.ts";
import type { CompletionReporter } from "../flow/reporter.ts";
import { createSealing, type SealingSettings } from "./sealing.ts";

/**
 * Tells the Step Functions task that waits for a flow. The waiter is its task token, sealed.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
export function createReporter(settings: SealingSettings): CompletionReporter {
  const sealing = createSealing(settings);
  const stepFunctions = new SFNClient(clientSettings(settings.budgets));
  return {
    report: async (waiter, { flowId, status, userId }) => {
      // The client's reply waits for this: no longer than the function has left after its last write.
      const abortSignal = AbortSignal.timeout(settings.budgets.storeTryMs);
      const taskToken = await sealing.open("task-token", flowId, waiter, abortSignal);
      if (taskToken === undefined) return false;
      const command = new SendTaskSuccessCommand({
        taskToken: Buffer.from(taskToken).toString("utf8"),
        output: JSON.stringify({ flowId, status, userId }),
      });
      await stepFunctions.send(command, { abortSignal });
      return true;
    },
  };
}
