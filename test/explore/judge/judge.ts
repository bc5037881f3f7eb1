import type { FlowSettings } from "../../../lib/flow/context.ts";
import type { IdTokenReading, UpstreamReply } from "../../../lib/flow/provider.ts";
import type { Answer } from "../../../lib/flow/reply.ts";
import { type UpstreamCall, whatOf } from "../pingone/calls.ts";
import { type Effect, sessionCookie } from "../pingone/upstream.ts";
import type { News } from "../ports.ts";
import { type RequestSpec, waiterIn } from "../requests.ts";
import { type FlowRow, tokenKind } from "../table/flow-row.ts";
import type { TableRequest } from "../table/table.ts";
import { tokenIn } from "../table/tokens.ts";
import { rowIn, type World } from "../world.ts";
import type { Check, Violation } from "./check.ts";
import { checks } from "./checks.ts";
import { isAct, isLook } from "./effects.ts";
import { type Deeds, enter, type Ledger, ledgerKey } from "./ledger.ts";

/** Watches everything that happens, writes it down, and holds it to every check. */
export class Judge {
  ledger: Ledger;
  /** The first thing that did not hold. */
  violation: Violation | undefined;
  readonly #world: World;
  readonly #settings: FlowSettings;

  constructor(world: World, ledger: Ledger, settings: FlowSettings) {
    this.#world = world;
    this.#settings = settings;
    this.ledger = ledger;
  }

  /** A request is made. */
  enters(name: string, spec: RequestSpec): void {
    enter(this.ledger, name, spec);
    const waiter = spec.waiter && waiterIn(spec.waiter);
    if (waiter !== undefined) this.ledger.waits.set(waiter, (this.ledger.waits.get(waiter) ?? 0) + 1);
  }

  /** The table is about to be asked. */
  sends(name: string): void {
    this.#of(name).askedAt = this.#world.now;
  }

  /** A request to the table is done: gives its result. */
  table<Result>(
    name: string,
    { operation, purpose, pk, ...request }: TableRequest<Result>,
    tries: number,
    hasWritten = false,
  ): Result {
    const world = this.#world;
    const deeds = this.#of(name);
    const apply = () => request.apply(tries, hasWritten);
    if (operation === "TransactWriteItems") return this.#counting(deeds, pk, apply);
    const before = rowIn(world);
    const result = apply();
    if (operation === "PutItem" && world.flowId === "") world.flowId = pk.replace(/^flow#/, "");
    const after = rowIn(world);
    this.#noteRow(deeds, before, after);
    this.#hold(({ onRow }) => onRow?.({ ...this.#sight(deeds), purpose, before, after }));
    return result;
  }

  /** A request to the table is given up. */
  gaveUp(name: string): void {
    this.#of(name).isLost = true;
  }

  /** PingOne is about to be asked. */
  asks(name: string): void {
    const deeds = this.#of(name);
    deeds.calls += 1;
    if (deeds.calls > 1) this.#fail("one call", `${name} asks PingOne ${deeds.calls} times`);
  }

  /** A call comes to PingOne: gives its reply. */
  asked<Reply extends UpstreamReply | undefined>(
    name: string,
    call: UpstreamCall,
    effect: Effect,
    work: () => Reply,
  ): Reply {
    const world = this.#world;
    const deeds = this.#of(name);
    const before = world.upstream;
    const reply = work();
    if (isAct(call, effect) || before?.session !== world.upstream?.session) deeds.hasActed = true;
    if (isLook(call, effect)) {
      deeds.looks += 1;
      this.ledger.looks.set(deeds.token, [...(this.ledger.looks.get(deeds.token) ?? []), whatOf(call)]);
    }
    if (reply !== undefined) {
      deeds.answeredIn = world.upstream;
      deeds.answer = reply.answer;
      deeds.asked = call;
      deeds.given = reply.jar.cookies.find((cookie) => cookie.name === sessionCookie)?.value ?? deeds.given;
    }
    this.#hold(({ onCall }) => onCall?.({ ...this.#sight(deeds), call, effect, before }));
    return reply;
  }

  /** PingOne's keys have told whose an ID token is. */
  identified(name: string, reading: IdTokenReading["kind"]): void {
    this.#of(name).reading = reading;
  }

  /** A waiter is about to be told. */
  tells(name: string): void {
    this.#of(name).hasTold = true;
  }

  /** Whether a waiter was told can't be said. */
  unheard(name: string): void {
    this.#of(name).isUnheard = true;
  }

  /** Time passes. */
  passes(): void {
    for (const deeds of this.ledger.deeds.values()) deeds.wasFrozen = true;
  }

  /** A waiter is told. */
  told(name: string, waiter: Uint8Array, news: News): void {
    const text = waiterIn(waiter);
    this.ledger.told.set(text, (this.ledger.told.get(text) ?? 0) + 1);
    const sight = { ...this.#sight(this.#of(name)), waiter: text, news };
    this.#hold(({ onTelling }) => onTelling?.(sight));
  }

  /** A request is answered. */
  answered(name: string, answer: Answer): void {
    this.#hold(({ onAnswer }) => onAnswer?.({ ...this.#sight(this.#of(name)), answer }));
  }

  /** A request is not answered, but fails. */
  threw(name: string, error: unknown): void {
    this.#fail("an answer", `${name} fails: ${error instanceof Error ? error.stack : String(error)}`);
  }

  /** What of all this a state has to be told apart by. */
  key(): string {
    return ledgerKey(this.ledger);
  }

  #of(name: string): Deeds {
    const deeds = this.ledger.deeds.get(name);
    if (deeds === undefined) throw new Error(`Nobody knows ${name}.`);
    return deeds;
  }

  #sight(deeds: Deeds) {
    return { world: this.#world, settings: this.#settings, ledger: this.ledger, deeds };
  }

  #hold(part: (check: Check) => string | undefined): void {
    for (const check of checks) {
      const text = part(check);
      if (text !== undefined) this.#fail(check.name, text);
    }
  }

  #fail(check: string, text: string): void {
    this.violation ??= { check, text };
  }

  #counting<Result>(deeds: Deeds, keys: string, work: () => Result): Result {
    const pks = keys.split(" ");
    const before = pks.map((pk) => this.#world.limits.get(pk));
    const result = work();
    for (const [index, pk] of pks.entries()) {
      if (this.#world.limits.get(pk) !== before[index]) deeds.limits.set(pk, (deeds.limits.get(pk) ?? 0) + 1);
    }
    deeds.isLimited = pks.every((pk, index) => this.#world.limits.get(pk) === before[index]);
    if ([...deeds.limits.values()].some((count) => count > 1)) {
      this.#fail("limits count once", `one try of ${deeds.name} is counted more than once`);
    }
    return result;
  }

  #noteRow(deeds: Deeds, before: FlowRow | undefined, after: FlowRow | undefined): void {
    deeds.rows.push(before, after);
    const token = tokenIn(deeds.token);
    deeds.kinds.add(before === undefined || token === undefined ? "none" : tokenKind(before, token));
    if (before === undefined || after === undefined || before === after) return;
    deeds.attempts += after.attempts - before.attempts;
    this.#noteClaim(deeds, before, after);
    if (after.tokenHash !== before.tokenHash) {
      deeds.hasDrawn = true;
      const answers = this.ledger.origins.get(before.claim?.id ?? "") ?? deeds.name;
      this.ledger.drawn.set(after.tokenHash, { by: deeds.name, answers });
    }
  }

  #noteClaim(deeds: Deeds, before: FlowRow, after: FlowRow): void {
    const { origins } = this.ledger;
    const id = after.claim?.id;
    if (id === undefined || id === before.claim?.id) return;
    const origin = before.claim === undefined ? deeds.name : (origins.get(before.claim.id) ?? deeds.name);
    if (before.claim !== undefined) deeds.settles = origin;
    origins.set(id, origin);
  }
}
