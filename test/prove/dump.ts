import { isDeepStrictEqual } from "node:util";
import type { Jar } from "../../lib/flow/jar.ts";
import { canonicalRequest } from "../../lib/flow/steps.ts";
import { open } from "../../lib/store/seal.ts";
import { decodeToken, hashToken, replySecret, requestDigest } from "../../lib/store/tokens.ts";
import { Canaries } from "../support/canaries.ts";
import { commandOf, lastBought } from "./kit/attack.ts";
import { noteJar, noteSent } from "./kit/known-secrets.ts";
import type { Person } from "./kit/person.ts";
import { watched } from "./kit/points.ts";
import { type Conditions, Misses, type Proof } from "./kit/proof.ts";
import type { Random } from "./kit/random.ts";
import { onStage, type RawRow, type Stage } from "./kit/stage.ts";
import { findsOtp, keysIn, openedBy, otpDigestIn, type SealedValue, sealedIn, spoiled } from "./kit/thief.ts";
import { troubledSignOn } from "./kit/troubled-sign-on.ts";

/** So many flows lie in the table at once. */
const flowsAtOnce = 5;
/** Every passcode of six digits. */
const everyCode = 10 ** 6;
/** How many claims for a passcode are searched through all of them. */
const searches = 3;

/**
 * Somebody has the whole table and may decrypt it, at every point of many sign-ons: nothing in
 * it is worth having.
 */
export const dump: Proof = {
  name: "dump",
  async run(conditions) {
    const misses = new Misses();
    const wanted = conditions.rounds(1000);
    const thief = new Thief(conditions, misses);
    const ends = new Map<string, number>();
    await onStage(
      {
        defect: conditions.defect,
        proxied: true,
        ports: (ports) => watched(ports, thief),
      },
      async (stage) => {
        for (let round = 0; round < wanted; round += 1) {
          const end = await thief.watch(stage, conditions.random);
          ends.set(end, (ends.get(end) ?? 0) + 1);
          if ((round + 1) % flowsAtOnce !== 0 && round + 1 < wanted) continue;
          thief.triesEveryKey();
          await stage.clear();
        }
      },
    );
    const words = [...ends].map(([word, count]) => `${count} ${word}`).join(", ");
    return { rounds: wanted, figure: `${thief.text()}; sign-ons: ${words}`, misses: misses.all };
  },
};

/** Reads the whole table at every point, and knows what must not be in it. */
class Thief {
  readonly #conditions: Conditions;
  readonly #misses: Misses;
  readonly #tally = { points: 0, secrets: 0, keys: 0, flips: 0, codes: 0 };
  #searched = 0;
  #stage: Stage | undefined;
  #person: Person | undefined;
  #canaries = new Canaries();
  readonly #tried = new Set<string>();
  #seen: readonly RawRow[] = [];

  constructor(conditions: Conditions, misses: Misses) {
    this.#conditions = conditions;
    this.#misses = misses;
  }

  /** Watches one sign-on; gives the word that it ended with. */
  async watch(stage: Stage, random: Random): Promise<string> {
    this.#stage = stage;
    this.#canaries = new Canaries();
    const end = await troubledSignOn(stage, random, (person) => {
      this.#person = person;
    });
    await this.at("the end");
    // Only now is every token known: what lies there is looked through once more.
    if (this.#person !== undefined) noteSent(this.#canaries, this.#person);
    this.#look(this.#seen, "afterwards");
    this.#spoil(random);
    this.#tally.secrets += this.#canaries.size;
    return end;
  }

  given(jar: Jar): void {
    noteJar(this.#canaries, jar);
  }

  async at(point: string): Promise<void> {
    if (this.#stage === undefined) return;
    this.#tally.points += 1;
    if (this.#person !== undefined) noteSent(this.#canaries, this.#person);
    const rows = await this.#stage.rows();
    const changed = rows.filter((row) => !this.#seen.some((before) => isDeepStrictEqual(row, before)));
    this.#seen = rows;
    this.#look(changed, point);
    for (const row of changed) this.#tryKeys([row], keysIn([row]), point);
    for (const row of changed) this.#searchCodes(row, point);
  }

  text(): string {
    const { points, secrets, keys, flips, codes } = this.#tally;
    return `${points} dumps, ${secrets} secrets, ${keys} keys tried, ${codes} passcodes tried, ${flips} bytes changed`;
  }

  /** Tries on every row what lies in any of them. */
  triesEveryKey(): void {
    this.#tryKeys(this.#seen, keysIn(this.#seen), "all of them");
    this.#tried.clear();
  }

  #look(rows: readonly RawRow[], point: string): void {
    const found = this.#canaries.in(rows);
    this.#misses.unless(found.length === 0, () => `dump, ${point}: ${found.join(", ")}`);
  }

  #tryKeys(rows: readonly RawRow[], keys: readonly Uint8Array[], point: string): void {
    for (const value of rows.flatMap(sealedIn)) {
      const place = Buffer.from(value.sealed.subarray(0, 16)).toString("hex");
      const fresh = keys.filter((key) => !this.#tried.has(place + Buffer.from(key).toString("hex")));
      for (const key of fresh) this.#tried.add(place + Buffer.from(key).toString("hex"));
      this.#tally.keys += fresh.length;
      const opened = openedBy(fresh, value);
      this.#misses.unless(
        opened === 0,
        () => `dump, ${point}: the table opens its own ${value.context.purpose}`,
      );
    }
  }

  /**
   * The claim's digest is that of the passcode just sent: whoever has the token can tell, and nobody else.
   */
  #searchCodes(row: RawRow, point: string): void {
    const digest = otpDigestIn(row);
    const { token, otp } = this.#sentOtp();
    if (digest === undefined || token === undefined || otp === undefined) return;
    const isBlind = !findsOtp(digest, [otp], [token]);
    this.#misses.unless(!isBlind, () => `dump, ${point}: the search is blind`);
    const keys = keysIn([row]);
    const isFound = findsOtp(digest, [otp], keys);
    this.#tally.codes += keys.length;
    this.#misses.unless(!isFound, () => `dump, ${point}: the passcode is found`);
    if (this.#searched >= this.#conditions.rounds(searches)) return;
    this.#searched += 1;
    const count = this.#conditions.rounds(everyCode);
    this.#tally.codes += count;
    const isSearchedFor = findsOtp(digest, codesAround(otp, count), keys.slice(0, 1));
    this.#misses.unless(!isSearchedFor, () => `dump, ${point}: the passcode is found by trying`);
  }

  #sentOtp(): { readonly token?: Uint8Array | undefined; readonly otp?: string | undefined } {
    // The request that claims has not been answered: what is known of it is what PingOne was sent.
    const pending = this.#person?.pending;
    return pending?.name === "otp"
      ? { token: decodeToken(pending.token ?? ""), otp: String(pending.body?.["otp"]) }
      : {};
  }

  /** With the right secret each value opens; with one bit of anything changed it does not. */
  #spoil(random: Random): void {
    const person = this.#person;
    const row = this.#seen.find(({ pk }) => pk === `flow#${person?.flowId}`);
    if (person === undefined || row === undefined) return;
    for (const value of sealedIn(row)) {
      const secret = secretOf(person, value);
      const opens = secret !== undefined && open(secret, value.context, value.sealed) !== undefined;
      this.#misses.unless(
        opens || !isNewest(person, value, row),
        () => "dump: its owner can't open it either",
      );
      if (secret === undefined || !opens) continue;
      for (const { where, context, sealed } of spoiled(value, random)) {
        this.#tally.flips += 1;
        const opened = open(secret, context, sealed) !== undefined;
        this.#misses.unless(!opened, () => `dump: opens with ${where} changed`);
      }
    }
  }
}

/** Whether this is a jar, and the person has the newest token: a reply may have been lost to them. */
function isNewest({ token }: Person, { context }: SealedValue, row: RawRow): boolean {
  const bytes = decodeToken(token);
  return (
    context.purpose === "jar" &&
    bytes !== undefined &&
    isDeepStrictEqual(row["tokenHash"], new Uint8Array(hashToken(bytes)))
  );
}

function secretOf(person: Person, { context }: SealedValue): Uint8Array | undefined {
  if (context.purpose === "jar") return decodeToken(person.token);
  const bought = lastBought(person);
  const command = bought && commandOf(bought);
  const token = decodeToken(bought?.token ?? "");
  return command && token && replySecret(token, requestDigest(token, canonicalRequest(command)));
}

function* codesAround(otp: string, count: number): Generator<string> {
  const from = Number(otp) - Math.floor(count / 2);
  for (let n = 0; n < count; n += 1) {
    yield String((((from + n) % everyCode) + everyCode) % everyCode).padStart(otp.length, "0");
  }
}
