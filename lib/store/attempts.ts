import type { ClaimRequest } from "../flow/store.ts";
import type { Clause } from "./clauses.ts";

/** What a claim counts: where there has to be room, what is added, and what takes it back again. */
export interface Counting {
  readonly conditions: readonly Clause[];
  readonly assignments: readonly Clause[];
  readonly returned: readonly Clause[];
}

/** Nothing is counted. */
export const uncounted: Counting = { conditions: [], assignments: [], returned: [] };

/** What a claim counts under the limits that it names. */
export function countingOf({ attemptLimit, credentialLimit }: ClaimRequest): Counting {
  const counted = [
    ...(attemptLimit === undefined ? [] : [attempt(attemptLimit)]),
    ...(credentialLimit === undefined ? [] : [credential(credentialLimit)]),
  ];
  return {
    conditions: counted.map(({ room }) => room),
    assignments: counted.map(({ add }) => add),
    returned: counted.map(({ takeBack }) => takeBack),
  };
}

interface Counter {
  readonly room: Clause;
  readonly add: Clause;
  readonly takeBack: Clause;
}

const one = { ":one": 1 };

function attempt(limit: number): Counter {
  return {
    room: { text: "#attempts < :limit", values: { ":limit": limit } },
    add: { text: "#attempts = #attempts + :one", values: one },
    takeBack: { text: "#attempts = #attempts - :one", values: one },
  };
}

// A flow in which no credential has been tried has no such attribute, nor has a row of an earlier release.
function credential(limit: number): Counter {
  return {
    room: {
      text: "(attribute_not_exists(#credentialTries) OR #credentialTries < :credentialLimit)",
      values: { ":credentialLimit": limit },
    },
    add: {
      text: "#credentialTries = if_not_exists(#credentialTries, :zero) + :one",
      values: { ...one, ":zero": 0 },
    },
    takeBack: { text: "#credentialTries = #credentialTries - :one", values: one },
  };
}
