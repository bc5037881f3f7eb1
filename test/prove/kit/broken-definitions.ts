import * as z from "zod";

const Definition = z.looseObject({
  States: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Choices: z.array(z.looseObject({ Next: z.string() })).optional(),
      Retry: z.array(z.unknown()).optional(),
    }),
  ),
});

type State = z.output<typeof Definition>["States"][string];

const noProgress = "NoProgress";

/** Nobody looks whether a step was settled without PingOne having acted: the same step comes next. */
export function goesOnWithoutProgress(text: string): string {
  const { States, ...definition } = Definition.parse(JSON.parse(text));
  const { [noProgress]: _, ...others } = States;
  const changed = changedStates(others, ({ Choices, ...state }) =>
    Choices === undefined ? state : { ...state, Choices: Choices.filter(({ Next }) => Next !== noProgress) },
  );
  return JSON.stringify({ ...definition, States: changed });
}

/** A task is tried again after Lambda's own errors, as CDK has it where nobody says otherwise. */
export function keepsDefaultRetries(text: string): string {
  const names = [
    "ServiceException",
    "AWSLambdaException",
    "SdkClientException",
    "ClientExecutionTimeoutException",
  ];
  const retrier = { ErrorEquals: names.map((name) => `Lambda.${name}`), IntervalSeconds: 2, MaxAttempts: 6 };
  const { States, ...definition } = Definition.parse(JSON.parse(text));
  const changed = changedStates(States, ({ Retry = [], ...state }) =>
    state.Type === "Task" ? { ...state, Retry: [retrier, ...Retry] } : state,
  );
  return JSON.stringify({ ...definition, States: changed });
}

function changedStates(states: Readonly<Record<string, State>>, change: (state: State) => object): object {
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [name, change(state)]));
}
