import type { IdTokenReading, UpstreamAnswer } from "../../../lib/flow/provider.ts";
import type { StepCommand, StepName } from "../../../lib/flow/steps.ts";
import type { FlowRecord } from "../../../lib/flow/store.ts";
import type { UpstreamCall } from "../pingone/calls.ts";
import type { Upstream } from "../pingone/upstream.ts";
import type { RequestSpec, Role } from "../requests.ts";
import type { FlowRow } from "../table/flow-row.ts";

/** What a request has done, as the models saw it. */
export interface Deeds {
  readonly name: string;
  readonly role: Role;
  readonly token: string;
  readonly canonical: string | undefined;
  readonly step: StepName | undefined;
  readonly command: StepCommand | undefined;
  /** Whether nobody may take it up, whatever there is. */
  readonly isUnfit: boolean;
  /** How often PingOne looked at a credential of its own. */
  looks: number;
  /** Calls to PingOne. */
  calls: number;
  /** Whether PingOne has done anything for it. */
  hasActed: boolean;
  /** Attempts that the row has counted for it, less those given back. */
  attempts: number;
  /** How often each limit has counted it. */
  readonly limits: Map<string, number>;
  /** The request whose doubt it has taken over. */
  settles: string | undefined;
  /** Whether its own commit drew a token. */
  hasDrawn: boolean;
  /** The session cookie that PingOne has given it. */
  given: string | undefined;
  /** PingOne's flow when it last answered. */
  answeredIn: Upstream | undefined;
  /** What that answer was. */
  answer: UpstreamAnswer | undefined;
  /** What it answered. */
  asked: UpstreamCall | undefined;
  /** What PingOne's keys have told of its ID token. */
  reading: IdTokenReading["kind"] | undefined;
  /** The row as each of its own requests to the table met it and left it, in order. */
  readonly rows: (FlowRow | undefined)[];
  /** What its token was to the row when it looked. */
  readonly kinds: Set<FlowRecord["token"]>;
  /** When it last asked the table for something: epoch milliseconds. */
  askedAt: number;
  /** Whether it has tried to tell a waiter. */
  hasTold: boolean;
  /** Whether a waiter that it told has not been heard to have been told. */
  isUnheard: boolean;
  /** Whether a limit has not let it through. */
  isLimited: boolean;
  /** Whether time passed while it waited. */
  wasFrozen: boolean;
  /** Whether a request of its own to the table was given up. */
  isLost: boolean;
}

/** What all requests have done. */
export interface Ledger {
  readonly deeds: Map<string, Deeds>;
  /** Whether answers tell as little as can be. */
  readonly isMinimal: boolean;
  /** Which request each claim was made for, by its id. */
  readonly origins: Map<string, string>;
  /** What PingOne looked at, by the token that it was sent under. */
  readonly looks: Map<string, readonly string[]>;
  /** How often each waiter has been told something. */
  readonly told: Map<string, number>;
  /** How often each waiter has asked to be told, where it was here. */
  readonly waits: Map<string, number>;
  /** Which request's commit drew each token, and which request that answers, by the token's hash. */
  readonly drawn: Map<string, { readonly by: string; readonly answers: string }>;
}

/** An empty ledger. */
export function emptyLedger(isMinimal = false): Ledger {
  return {
    isMinimal,
    deeds: new Map(),
    origins: new Map(),
    looks: new Map(),
    told: new Map(),
    waits: new Map(),
    drawn: new Map(),
  };
}

/** The same ledger, to be written on in another way. */
export function copyOfLedger({ deeds, isMinimal, origins, looks, told, waits, drawn }: Ledger): Ledger {
  const copies = [...deeds].map(([name, one]): [string, Deeds] => [
    name,
    { ...one, limits: new Map(one.limits), rows: [...one.rows], kinds: new Set(one.kinds) },
  ]);
  return {
    deeds: new Map(copies),
    isMinimal,
    ...{
      origins: new Map(origins),
      looks: new Map(looks),
      told: new Map(told),
      waits: new Map(waits),
      drawn: new Map(drawn),
    },
  };
}

/** Opens an account for a request. */
export function enter(ledger: Ledger, name: string, spec: RequestSpec): Deeds {
  const { role, token, canonical, command, isUnfit = false } = spec;
  const deeds: Deeds = {
    ...{ name, role, token, canonical, command, step: command?.step, isUnfit },
    ...{ looks: 0, calls: 0, hasActed: false, attempts: 0, limits: new Map<string, number>() },
    ...{
      settles: undefined,
      hasDrawn: false,
      given: undefined,
      answeredIn: undefined,
      hasTold: false,
      isLost: false,
      askedAt: 0,
      asked: undefined,
      answer: undefined,
      reading: undefined,
      isUnheard: false,
      isLimited: false,
      wasFrozen: false,
    },
    ...{ rows: [], kinds: new Set<FlowRecord["token"]>() },
  };
  ledger.deeds.set(name, deeds);
  return deeds;
}

/** What of the ledger a state has to be told apart by: a request's own history says the rest. */
export function ledgerKey({ deeds, looks, told }: Ledger): string {
  const lines = [...deeds.values()].map(
    (one) => `${one.looks},${one.hasActed},${one.attempts},${[...one.limits.values()]},${one.hasDrawn}`,
  );
  return `${lines} ${[...looks.values()].map(({ length }) => length)} ${[...told.values()]}`;
}
