import { createSignOn, type SignOn, type SignOnOptions } from "../../lib/client/sign-on.ts";
import { problems } from "../../lib/flow/problems.ts";
import { applications } from "../simulator/applications.ts";
import type { FaultKind } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import { cookieDelivery, fromOwnSite } from "../support/browser-client.ts";
import { createProduct, type Product } from "../support/product.ts";
import { ClientPlatform, hangUpMs } from "./kit/client-platform.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { startTroubledProxy, type TroubledProxy, ways } from "./kit/troubled-proxy.ts";
import { type SignOnEnd, TypingPerson } from "./kit/typing-person.ts";

/** Who signs on under which policy. */
const stories = [
  ["Single_Factor", people.passwordOnly],
  ["Multi_Factor", people.smsOtp],
  ["Multi_Factor", people.twoDevices],
  ["Multi_Factor", people.push],
  ["Passwordless", people.emailOtp],
  ["Identifier_First", people.passwordOnly],
] as const;

/** What goes wrong between the functions and PingOne. */
const upstream: readonly FaultKind[] = [
  { kind: "reset", applied: true },
  { kind: "reset", applied: false },
  { kind: "close-mid-body", applied: true },
  { kind: "status", status: 503, applied: true },
  { kind: "status", status: 429, retryAfter: 1 },
];

/** Part of all requests that meet with trouble on their way, and of all turns that do beyond it. */
const troubled = { requests: 0.3, turns: 0.1 };

/**
 * The client of `lib/client` signs people on over a network that loses, doubles, delays and cuts: each
 * sign-on ends signed on or by name, and PingOne looks at a credential at most once for each time it was
 * typed.
 */
export const client = clientProof(createSignOn);

/** The same claim for a client that is made otherwise. */
export function clientProof(make: (options: SignOnOptions) => SignOn): Proof {
  return {
    name: "client",
    run: async ({ random, rounds, defect }) => {
      const product = await createProduct(
        cookieDelivery,
        defect.ports === undefined ? {} : { ports: defect.ports },
      );
      let current: ClientPlatform | undefined;
      const way = () => (random.chance(troubled.requests) ? pick(random, ways) : "through");
      const proxy = await startTroubledProxy(product.api, way, () => current?.hangUp());
      const tally = new Tally();
      try {
        for (let round = 0; round < rounds(1_000); round += 1) {
          const one = new Round({ product, proxy, random, make }, round);
          current = one.platform;
          tally.add(await one.play(tally.misses), one.platform.sent);
        }
      } finally {
        await proxy.stop();
        await product.close();
      }
      return { rounds: rounds(1_000), figure: tally.figure, misses: tally.misses.all };
    },
  };
}

/** What all sign-ons have come to. */
class Tally {
  readonly misses = new Misses();
  readonly #ends = new Map<string, number>();
  #sent = 0;

  add({ name }: SignOnEnd, sent: number): void {
    this.#ends.set(name, (this.#ends.get(name) ?? 0) + 1);
    this.#sent += sent;
  }

  get figure(): string {
    const told = [...this.#ends].sort(([, one], [, other]) => other - one);
    return `${told.map(([name, times]) => `${times} ${name}`).join(", ")}; ${this.#sent} requests`;
  }
}

/** Where the sign-ons take place. */
interface Place {
  readonly product: Product;
  readonly proxy: TroubledProxy;
  readonly random: Random;
  readonly make: (options: SignOnOptions) => SignOn;
}

class Round {
  readonly platform: ClientPlatform;
  readonly #place: Place;
  readonly #tag: string;
  readonly #byCookie: boolean;

  constructor(place: Place, round: number) {
    this.#place = place;
    this.#tag = `sign-on-${round}`;
    this.#byCookie = round % 2 === 1;
    const headers = { "User-Agent": this.#tag, ...(this.#byCookie ? fromOwnSite : {}) };
    this.platform = new ClientPlatform(place.product.clock, headers);
  }

  async play(misses: Misses): Promise<SignOnEnd> {
    const { product, proxy, random, make } = this.#place;
    const { simulator } = product;
    const [policy, likeness] = pick(random, stories);
    const who = simulator.enrol(likeness);
    const signOn = make({
      url: proxy.url,
      tokenDelivery: this.#byCookie ? "cookie" : "body",
      timeoutMs: hangUpMs,
      platform: this.platform,
    });
    const person = new TypingPerson(product, who, random);
    const end = await person.signOn(signOn, policy, () => this.#troubleBeyond());
    await proxy.settled();
    simulator.faults.clear();
    const isNamed = end.isSignedOn || Object.hasOwn(problems, end.name);
    misses.unless(isNamed, () => `${this.#tag}: ended without a name: ${end.name}`);
    if (end.isSignedOn) await this.#redeem(signOn, misses);
    this.#judge(person, who.username, misses);
    return end;
  }

  #troubleBeyond(): void {
    const { product, random } = this.#place;
    const { faults } = product.simulator;
    faults.clear();
    if (random.chance(troubled.turns)) faults.script({ ...pick(random, upstream), on: "any" });
  }

  async #redeem(signOn: SignOn, misses: Misses): Promise<void> {
    const { clientId } = applications.public;
    const redeemed = await signOn.redeem({ issuer: `${this.#place.product.simulator.baseUrl}/as`, clientId });
    misses.unless(redeemed.ok, () => `${this.#tag}: not redeemed: ${JSON.stringify(redeemed)}`);
  }

  /** Holds what PingOne has looked at against what was typed. */
  #judge(person: TypingPerson, username: string, misses: Misses): void {
    const { simulator } = this.#place.product;
    const seen = new Map<string, number>();
    for (const { headers, action, body, status } of simulator.calls) {
      // What PingOne turned away unread may be sent again.
      const isSeen = credentials.has(action) && status !== 429;
      if (headers["user-agent"] !== this.#tag || !isSeen) continue;
      const { otp, password }: { otp?: string; password?: string } = JSON.parse(body);
      const text = otp ?? password ?? "";
      seen.set(text, (seen.get(text) ?? 0) + 1);
    }
    for (const [text, times] of seen) {
      const typed = person.typed.get(text) ?? 0;
      misses.unless(
        times <= typed,
        () => `${this.#tag}: PingOne saw ${times} times what was typed ${typed} times`,
      );
    }
    const failures = simulator.failures(username);
    misses.unless(
      failures <= person.wrong,
      () => `${this.#tag}: ${failures} failures of ${person.wrong} mistakes`,
    );
  }
}

const credentials = new Set(["usernamePassword.check", "otp.check"]);
