import aslValidator from "asl-validator";
import type { StateMachineDefinition } from "aws-local-stepfunctions";
import * as z from "zod";
import type { Assembly } from "../deployed/assembly.ts";

const Retrier = z.looseObject({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number().default(1),
  BackoffRate: z.number().default(2),
  MaxAttempts: z.number().default(3),
});

const Catcher = z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string() });

const State = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  Parameters: z.unknown().optional(),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.string().optional(),
  Seconds: z.number().optional(),
  Retry: z.array(Retrier).optional(),
  Catch: z.array(Catcher).optional(),
});

const Definition = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), State) });

const MachineProperties = z.looseObject({ DefinitionString: z.string(), StateMachineName: z.string() });

/** A state of a definition, as far as running it needs more than the interpreter knows. */
export type State = z.output<typeof State>;

/** A state machine as it would be deployed. */
export interface Definition {
  /** What is deployed. */
  readonly text: string;
  readonly states: ReadonlyMap<string, State>;
  /** The same for the interpreter: each task is handed its parameters and, beside them, its input. */
  readonly prepared: StateMachineDefinition;
}

/** The state machines of an assembly, by name. */
export function machinesOf(assembly: Assembly): ReadonlyMap<string, Definition> {
  const described = assembly.resources("AWS::StepFunctions::StateMachine", MachineProperties);
  const all = [...described.values()];
  return new Map(
    all.map(({ StateMachineName, DefinitionString }) => [StateMachineName, readDefinition(DefinitionString)]),
  );
}

/**
 * Reads a definition in the Amazon States Language.
 *
 * @throws an error when it isn't valid, or would be run otherwise here than at AWS
 */
export function readDefinition(text: string): Definition {
  // The validator writes into what it validates.
  const { isValid, errorsText } = aslValidator(JSON.parse(text));
  if (!isValid) throw new Error(`The definition isn't valid: ${errorsText("; ")}`);
  const definition = Definition.parse(JSON.parse(text));
  const states = new Map(Object.entries(definition.States));
  for (const [name, state] of states) refuseWhatDiffers(name, state);
  const prepared = [...states].map(([name, state]) => [name, state.Type === "Task" ? task(state) : state]);
  return { text, states, prepared: asPrepared({ ...definition, States: Object.fromEntries(prepared) }) };
}

/**
 * Longer than any run here: the harness goes by its own clock, and the interpreter would end
 * a task after 60 s.
 */
const never = 86_400;

function task({ TimeoutSeconds: _, TimeoutSecondsPath: __, ...state }: State): object {
  const given = state.Parameters === undefined ? { "given.$": "$" } : { given: state.Parameters };
  return { ...state, TimeoutSeconds: never, Parameters: { ...given, "input.$": "$" } };
}

function refuseWhatDiffers(name: string, { Retry = [], Catch = [] }: State): void {
  const names = [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals);
  // At AWS it leaves time-outs out; the interpreter only knows those that it raised itself.
  if (names.includes("States.TaskFailed")) {
    throw new Error(`The state ${name} catches States.TaskFailed, which can't be run here.`);
  }
}

function asPrepared(definition: object): StateMachineDefinition {
  return z.custom<StateMachineDefinition>((value) => value === definition).parse(definition);
}
