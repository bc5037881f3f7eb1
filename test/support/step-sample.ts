import type fc from "fast-check";
import type { ClientStep, StepName, steps } from "../../lib/flow/steps.ts";
import type { Person } from "../simulator/people.ts";
import type { PolicyName } from "../simulator/policies.ts";
import type { Simulator } from "../simulator/simulator.ts";

/** What a client sends for some step; nothing where the step has no members. */
export type SampleBody = Readonly<Record<string, unknown>> | undefined;

type Members<Step extends StepName> = Parameters<(typeof steps)[Step]["command"]>[0];

/** What a client sends for this step. */
type BodyOf<Step extends StepName> = keyof Members<Step> extends never ? undefined : Readonly<Members<Step>>;

/** What generates it, member by member. */
type ArbitrariesOf<Body> = { readonly [Member in keyof Body]: fc.Arbitrary<Body[Member]> };

type Arbitraries = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** A new flow before the step: who signs on under which policy, and the steps they take to get there. */
export interface SampleScene {
  readonly policy: PolicyName;
  /** The application's name, in the place of the first. */
  readonly application?: string;
  readonly who: Person;
  /** Each of them answered rightly. */
  readonly way: readonly ClientStep[];
  /** What happens then, beside the flow. */
  readonly meanwhile?: (simulator: Simulator, who: Person) => Promise<void>;
}

/** Whoever answers a step. */
interface Answering {
  readonly who: Person;
  /** What they have at hand: the code that was sent to them last, or what their passkey has to sign. */
  readonly code: string | undefined;
  /** What the flow's challenge was made of. */
  readonly verifier?: string | undefined;
  /** Chooses one where there are several. */
  readonly pick: <Choice>(choices: readonly Choice[]) => Choice;
}

/** All that a test or proof has to know of one step beside its definition. */
export interface StepSample<Body = SampleBody, Generated = Arbitraries> {
  /** How late it comes in a sign-on. Of those that are offered, the one with the highest rank is taken. */
  readonly rank: number;
  /** Whether one can take it again and again and be none the further: every other step goes before it. */
  readonly aside?: boolean;
  /** Whether it changes what PingOne knows of the person, so that each flow needs somebody of its own. */
  readonly changesPerson?: boolean;
  /** Whether it makes a person, so that each flow needs somebody whom PingOne doesn't know yet. */
  readonly makesPerson?: boolean;
  /** Whether what they have at hand is good for less time than a flow is. */
  readonly ages?: boolean;
  /** Whether it leaves the flow where it is. */
  readonly stays?: boolean;
  /** Flows before it, by what PingOne makes of the right answer: it wants something more, or is content. */
  readonly before:
    | { readonly goesOn: SampleScene; readonly completes?: SampleScene }
    | { readonly goesOn?: SampleScene; readonly completes: SampleScene };
  /** A well-formed body that fits no flow in particular. */
  readonly body: Body;
  /**
   * Generates the members of well-formed bodies.
   *
   * @param text any text of at least one character
   */
  wellFormed(text: fc.Arbitrary<string>): Generated;
  /** What the person answers when it is offered to them. */
  answer(answering: Answering): Body;
  /**
   * An answer that PingOne refuses; absent where a step has nothing to get wrong.
   *
   * @param right what it would accept
   * @param drawn whole, from 0 to a billion: another number, another wrong answer
   */
  wrong?(right: Body, drawn: number): Body;
}

/** The sample of one step, with the name of the step that it is for. */
export interface NamedSample extends StepSample {
  readonly step: StepName;
}

/** Makes the sample of a step, with the bodies that its definition asks for. */
export function defineSample<const Step extends StepName>(
  step: Step,
  sample: StepSample<BodyOf<Step>, ArbitrariesOf<Members<Step>>>,
): NamedSample;
export function defineSample(step: StepName, sample: StepSample): NamedSample {
  return { step, ...sample };
}
