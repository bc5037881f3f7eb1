import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent } from "aws-lambda";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { StepName } from "../../../lib/flow/steps.ts";
import type { PingOneSettings } from "../../../lib/pingone/settings.ts";
import type { ApiCall } from "./api.ts";
import type { NamedDefect } from "./child-protocol.ts";
import { type Random, seededRandom } from "./random.ts";

/** A defect put in on purpose: what a proof has to notice. */
export interface Defect {
  readonly ports?: (ports: FlowPorts) => FlowPorts;
  readonly client?: (client: DynamoDBDocumentClient) => DynamoDBDocumentClient;
  /** Changes a call before a handler has it, as an adapter that takes it otherwise would. */
  readonly call?: (call: ApiCall) => ApiCall;
  /** Takes a request for another one, as a laxer look at its headers would. */
  readonly event?: (event: APIGatewayProxyEvent) => APIGatewayProxyEvent;
  /** One in how PingOne is called, and its answers are read. */
  readonly upstream?: (settings: PingOneSettings) => (ports: FlowPorts) => FlowPorts;
  /** Changes the text of a state machine's definition. */
  readonly definition?: (text: string) => string;
  /** One that reaches the processes as well, where no function can be passed to. */
  readonly named?: NamedDefect;
}

/** What a proof runs under. */
export interface Conditions {
  readonly random: Random;
  /** That many of the full number of rounds as are wanted now. */
  rounds(full: number, least?: number): number;
  readonly defect: Defect;
  /** The steps that are looked at; all of them unless told. */
  readonly only?: readonly StepName[] | undefined;
  /** What durations are measured by: milliseconds since any moment. */
  now(): number;
}

/** What a proof found. It holds when nothing was missed. */
export interface Verdict {
  readonly rounds: number;
  /** What was counted, in words. */
  readonly figure: string;
  readonly misses: readonly string[];
}

/** One proof: what it claims is in the name of its file and in its table row. */
export interface Proof {
  readonly name: string;
  run(conditions: Conditions): Promise<Verdict>;
}

/**
 * Conditions at a scale: 1 is all of the rounds. Each proof draws its own chance, so that one
 * can be repeated alone.
 */
export function conditionsAt(scale: number, seed: number): Conditions {
  return {
    random: seededRandom(seed),
    rounds: (full, least = 1) => Math.max(Math.min(least, full), Math.ceil(full * scale)),
    defect: {},
    now: () => performance.now(),
  };
}

/** How much of a proof is enough to notice a defect. */
export interface Part {
  /** The share of its rounds. */
  readonly scale: number;
  /** The steps that show it; all of them unless told. */
  readonly only?: readonly StepName[] | undefined;
}

/** Conditions for a proof that has a defect to notice: no more rounds than it takes. */
export function conditionsWith(
  defect: Defect,
  { scale, only }: Part,
  now = () => performance.now(),
): Conditions {
  return { random: seededRandom(1), rounds: (full) => Math.ceil(full * scale), defect, only, now };
}

/** Those of the steps that are looked at under these conditions. */
export function wantedOf(
  steps: readonly StepName[],
  { only }: Pick<Conditions, "only">,
): readonly StepName[] {
  return only === undefined ? steps : steps.filter((step) => only.includes(step));
}

/** Collects all that went wrong. Whoever prints it chooses how much. */
export class Misses {
  readonly #texts: string[] = [];

  /** Notes a miss unless the statement is true. */
  unless(isTrue: boolean, text: () => string): void {
    if (!isTrue) this.#texts.push(text());
  }

  get all(): readonly string[] {
    return this.#texts;
  }
}

/** So many of a list, evenly spread over it. */
export function spread<T>(list: readonly T[], count: number): readonly T[] {
  return list.filter(
    (_, index) => Math.floor(((index + 1) * count) / list.length) > Math.floor((index * count) / list.length),
  );
}

/** Does `work` for 0 … count − 1, so many at a time. */
export async function inParallel(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      await work(begun - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
}
