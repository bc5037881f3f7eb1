import { paginateListSubscriptionsByTopic, paginateListTopics } from "@aws-sdk/client-sns";
import { settingAt } from "../finding.ts";
import type { Check, Checked } from "./check.ts";

/** Whether somebody is told of the alarms of an environment that has been deployed before. */
export const mailCheck: Check = {
  about: "the mail subscription of the alarms",
  run: async (checked) => {
    const { environment } = checked;
    if (environment.alarms === undefined) return [];
    const topic = await topicOf(checked);
    if (topic === undefined) return [];
    const states = await subscriptionsOf(checked, topic, environment.alarms.mail);
    if (states.some((arn) => arn.startsWith("arn:"))) return [];
    const isPending = states.includes("PendingConfirmation");
    const what = isPending
      ? "Nobody has confirmed the mail subscription, so alarms ring and nobody is told."
      : "The alarms have no mail subscription any more, so they ring and nobody is told.";
    const mend = isPending
      ? `the link in the mail from AWS; ${settingAt(environment, "alarms.mail")}`
      : `subscribe the address to ${topic} again`;
    return [{ kind: isPending ? "mail-pending" : "mail-missing", what, mend }];
  },
};

/** By the name that CloudFormation gives it. */
async function topicOf({ environment, clients: { sns } }: Checked): Promise<string | undefined> {
  for await (const { Topics = [] } of paginateListTopics({ client: sns }, {})) {
    const arns = Topics.map(({ TopicArn = "" }) => TopicArn);
    const found = arns.find((arn) => arn.split(":").at(-1)?.startsWith(`sign-on-${environment.name}-Alarms`));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function subscriptionsOf(
  { clients: { sns } }: Checked,
  TopicArn: string,
  mail: string,
): Promise<string[]> {
  const arns: string[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
    { client: sns },
    { TopicArn },
  )) {
    for (const { Endpoint, SubscriptionArn = "" } of Subscriptions) {
      if (Endpoint === mail) arns.push(SubscriptionArn);
    }
  }
  return arns;
}
