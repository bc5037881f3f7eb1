import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientSettings } from "../aws/client-settings.ts";
import type { CompletionReporter } from "../flow/reporter.ts";
import { waitReplaced } from "./errors.ts";
import { createSealing, type SealingSettings } from "./sealing.ts";

/**
 * Tells the Step Functions task that waits for a flow. The waiter is its task token, sealed.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
export function createReporter(settings: SealingSettings): CompletionReporter {
  const sealing = createSealing(settings);
  const stepFunctions = new SFNClient(clientSettings("states", settings.budgets));
  // The reply waits for a report: no longer than the function has left after its last write.
  const within = () => AbortSignal.timeout(settings.budgets.storeTryMs);
  const tokenIn = async (flowId: string, waiter: Uint8Array, abortSignal: AbortSignal) => {
    const token = await sealing.open("task-token", flowId, waiter, abortSignal);
    return token && Buffer.from(token).toString("utf8");
  };
  return {
    report: async (waiter, { flowId, status, userId }) => {
      const abortSignal = within();
      const taskToken = await tokenIn(flowId, waiter, abortSignal);
      if (taskToken === undefined) return false;
      const output = JSON.stringify({ flowId, status, userId });
      await stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output }), { abortSignal });
      return true;
    },
    reportReplaced: async ({ flowId, earlier, later }) => {
      const abortSignal = within();
      // Sealed twice, the same token is other bytes.
      const [taskToken, ours] = await Promise.all(
        [earlier, later].map((waiter) => tokenIn(flowId, waiter, abortSignal)),
      );
      if (taskToken === undefined || taskToken === ours) return false;
      const { name: error, sentence } = waitReplaced;
      const command = new SendTaskFailureCommand({ taskToken, error, cause: `${sentence}.` });
      await stepFunctions.send(command, { abortSignal });
      return true;
    },
  };
}
