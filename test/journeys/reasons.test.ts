import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RejectionReason } from "../../lib/flow/step-definition.ts";
import {
  actionOf,
  asksAboutName,
  type ClientStep,
  clientSteps,
  isStep,
  steps,
} from "../../lib/flow/steps.ts";
import type { Fault } from "../simulator/faults.ts";
import { people } from "../simulator/people.ts";
import type { Place } from "../simulator/reason.ts";
import { byName } from "../support/by-name.ts";
import { wordFor } from "../support/choice-words.ts";
import type { ApiReply, FlowClient } from "../support/flow-client.ts";
import { likenessOf } from "../support/likeness.ts";
import { createProduct, type Product } from "../support/product.ts";
import { approach, isProvedBefore, targetOf } from "../support/step-scenes.ts";

const places: readonly Place[] = ["body-4xx", "failed-200", "open-200"];
const { push } = people;

type Detail = Readonly<{
  code: string;
  message: string;
  target?: string;
  innerError?: Record<string, unknown>;
}>;

const detail = (code: string, more: Partial<Detail> = {}): Detail => ({ code, message: "Words.", ...more });
const locked = detail("PASSWORD_LOCKED_OUT", { innerError: { secondsUntilUnlock: 90 } });
const limited = detail("LIMIT_EXCEEDED", { innerError: { retryAfter: 7 } });
const wrongName = detail("INVALID_VALUE", { target: "username" });
const wrongOtp = detail("INVALID_OTP", { target: "otp", innerError: { attemptsRemaining: 2 } });

/** A moment at which PingOne can give a reason: what the client does, and what PingOne is asked by it. */
interface Moment {
  readonly on: Fault["on"];
  /** Brings a client there, and gives what it asks then. */
  readonly approach: (client: FlowClient, at: Product) => Promise<() => Promise<ApiReply>>;
  /** What a rejection of this step is called. */
  readonly rejection: string;
  /** What a 4xx that nobody understands comes to. */
  readonly unexplained: string;
}

/** The steps that PingOne is asked for by an action. */
const acting = clientSteps.filter((step) => actionOf(step) !== undefined);

const moments: Readonly<Record<string, Moment>> = {
  "a hinted start": {
    on: "authorize",
    approach: async (client) => () =>
      client.start({ policy: "Passwordless", loginHint: people.emailOtp.username }),
    rejection: "credentials-rejected",
    unexplained: "flow-failed",
  },
  ...byName(acting, (step) => ({
    on: targetOf(step),
    approach: (client: FlowClient, at: Product) => approach(step, client, at.simulator),
    rejection: steps[step].rejection({}).error,
    unexplained: "outcome-unknown",
  })),
  "a poll": {
    on: "read",
    approach: async (client) => {
      await client.start({ policy: "Multi_Factor" });
      await client.step("password", { username: push.username, password: push.password });
      return () => client.status();
    },
    rejection: steps.poll.rejection({}).error,
    unexplained: "push-denied",
  },
  "a settling": {
    on: "read",
    approach: async (client, at) => {
      const ask = await approach("password", client, at.simulator);
      at.simulator.faults.script({ on: targetOf("password"), kind: "reset", applied: false });
      await ask();
      return () => client.status();
    },
    rejection: "credentials-rejected",
    unexplained: "outcome-unknown",
  },
};

/** What each reason means, by the moment's own word where the moment decides. */
interface Meaning {
  readonly details: readonly [Detail, ...Detail[]];
  readonly word: (moment: Moment, ended: boolean) => string;
  readonly told?: object;
  /** Whether it is about something that was just chosen, and so tells nothing of a name. */
  readonly isOfChoice?: boolean;
}

const isLock = () => "locked-out";
/** A limit that has ended a flow is no invitation to ask again. */
const isLimit = (_: Moment, ended: boolean) => (ended ? "flow-failed" : "rate-limited");
const isFailure = () => "flow-failed";

const everywhere: Readonly<Record<string, Meaning>> = {
  PASSWORD_LOCKED_OUT: { details: [locked], word: isLock },
  "PASSWORD_LOCKED_OUT without an end": { details: [detail("PASSWORD_LOCKED_OUT")], word: isLock },
  QUOTA_EXCEEDED: { details: [detail("QUOTA_EXCEEDED")], word: isLock },
  LIMIT_EXCEEDED: { details: [limited], word: isLimit },
  REQUEST_LIMITED: { details: [detail("REQUEST_LIMITED")], word: isLimit },
  MFA_DISABLED: { details: [detail("MFA_DISABLED")], word: isFailure, told: { failure: "MFA_DISABLED" } },
  NO_USABLE_DEVICES: {
    details: [detail("NO_USABLE_DEVICES")],
    word: isFailure,
    told: { failure: "NO_USABLE_DEVICES" },
  },
  "a rejection, then a lock": { details: [wrongName, locked], word: isLock },
  "a lock, then a limit": { details: [locked, limited], word: isLock },
  "a rejection, then a limit": { details: [wrongName, wrongOtp, limited], word: isLimit },
};

const names = [
  "INVALID_CREDENTIALS",
  "NO_PASSWORD",
  "ACCOUNT_NOT_USABLE",
  "CONSTRAINT_VIOLATION",
  "NOT_FOUND",
] as const;
const ofName: Readonly<Record<string, Meaning>> = Object.fromEntries([
  ["INVALID_VALUE", { details: [wrongName], word: (moment: Moment) => moment.rejection }],
  ...names.map((code) => [
    code,
    { details: [detail(code, { target: "username" })], word: (moment: Moment) => moment.rejection },
  ]),
]);
const ofDevice = {
  INVALID_VALUE: {
    details: [detail("INVALID_VALUE", { target: "device.id" })],
    word: (moment: Moment) => moment.rejection,
  },
} satisfies Record<string, Meaning>;
const ofOtp = {
  INVALID_OTP: { details: [wrongOtp], word: (moment: Moment) => moment.rejection },
  "INVALID_VALUE of the otp": {
    details: [detail("INVALID_VALUE", { target: "otp" })],
    word: (moment: Moment) => moment.rejection,
  },
} satisfies Record<string, Meaning>;

/** What a step's definition calls its rejections. */
function ofDefinition(step: ClientStep): Readonly<Record<string, Meaning>> {
  const rejections: readonly RejectionReason[] = steps[step].rejections;
  const meanings = rejections.map(({ code, target, means }): [string, Meaning] => [
    target === undefined ? `its own ${code}` : `its own ${code} of ${target}`,
    {
      details: [detail(code, target === undefined ? {} : { target })],
      word: ({ rejection }) => (means === undefined ? rejection : wordFor(step, means)),
      isOfChoice: means !== undefined,
    },
  ]);
  return Object.fromEntries(meanings);
}

/** The reasons that are a moment's own rejections. */
const own: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  ...byName(acting, (step) => ofDefinition(step)),
  "a hinted start": ofName,
  "a settling": ofName,
  lookup: { ...ofName, ...ofDefinition("lookup") },
  password: { ...ofName, ...ofDefinition("password") },
  device: { ...ofDevice, ...ofDefinition("device") },
  otp: { ...ofOtp, ...ofDefinition("otp") },
  "a poll": {},
};

const unknown: Meaning = { details: [detail("SOMETHING_NEW")], word: isFailure };

let product: Product;
let minimal: Product;
beforeAll(async () => {
  // A decoy looks at PingOne with the cookie that a flow has from its beginning.
  const switches = { cookiesAt: "authorize" } as const;
  product = await createProduct({ NAME_LIMIT: "1000", NETWORK_LIMIT: "10000" }, { switches });
  minimal = await createProduct(
    { DISCLOSURE: "minimal", NAME_LIMIT: "1000", NETWORK_LIMIT: "10000" },
    { switches },
  );
});
afterEach(() => {
  for (const one of [product, minimal]) {
    one.simulator.faults.clear();
    one.clock.advance(11 * 60_000);
  }
});
afterAll(async () => {
  await Promise.all([product?.close(), minimal?.close()]);
});

async function tell(at: Product, moment: Moment, meaning: Meaning, place: Place) {
  const client = at.client();
  const ask = await moment.approach(client, at);
  at.simulator.faults.clear();
  const [first, ...others] = meaning.details;
  at.simulator.faults.script({ on: moment.on, kind: "reason", details: [first, ...others], in: place });
  return { client, reply: await ask() };
}

/** Steps that are answered alike whoever is named. */
const hides = (when: string) => isStep(when) && asksAboutName(when) && steps[when].hidesNames === true;
const telling = Object.entries(moments).filter(([when]) => !hides(when));

const cases = telling.flatMap(([when, moment]) =>
  Object.entries({ ...everywhere, ...own[when] }).map(([why, meaning]) => ({ when, why, moment, meaning })),
);

describe("a reason is understood wherever PingOne puts it", () => {
  it.each(cases)("$why at $when", async ({ when, moment, meaning }) => {
    for (const place of places) {
      const { reply } = await tell(product, moment, meaning, place);
      const ended = place === "failed-200" && when !== "a hinted start";
      const word = meaning.word(moment, ended);
      const isRejection = word === moment.rejection;
      expect({ place, ...reply.body }).toMatchObject({ place, error: word, ...meaning.told });
      // Only the flow's own state says whether it has ended; a start keeps none.
      if (when !== "a hinted start") expect({ place, ...reply.body }).toMatchObject({ flowEnded: ended });
      if (isRejection) expect(reply.headers.get("retry-after")).toBeNull();
      const line = product.log.at(-1);
      expect(line?.outcome).toBe(word);
    }
  });

  it.each(telling)("a reason that nobody knows at %s is never success", async (when, moment) => {
    const words = await Promise.all(places.map((place) => place)).then(async (each) => {
      const found: unknown[] = [];
      for (const place of each) found.push((await tell(product, moment, unknown, place)).reply.body.error);
      return found;
    });
    expect(words).toEqual([moment.unexplained, endWithout(when), moment.rejection]);
  });
});

describe("with minimal disclosure", () => {
  /** The reasons that tell something of the person named. */
  const ofPerson = ["PASSWORD_LOCKED_OUT", "QUOTA_EXCEEDED", "a rejection, then a lock"];

  function meaningsOfPerson(when: string): (readonly [string, Meaning])[] {
    const ofChoice = isStep(when) && asksAboutName(when);
    const owns = Object.entries(own[when] ?? {}).filter(([, { isOfChoice }]) => !(ofChoice && isOfChoice));
    const others = Object.entries(everywhere).filter(([why]) => ofPerson.includes(why));
    return [...owns, ...others];
  }

  /** Moments at which nobody has been proved yet. */
  const unproved = ["a hinted start", ...acting.filter((step) => !isProvedBefore(step))];

  it.each(Object.entries(moments).filter(([when]) => unproved.includes(when)))(
    "no reason, and no place, tells names apart at %s",
    async (when, moment) => {
      const wanted = await tell(minimal, moment, rejectionOf(when), "body-4xx");
      const looks = likenessOf(wanted.reply);
      const after = likenessOf(await wanted.client.status());
      for (const [why, meaning] of meaningsOfPerson(when)) {
        for (const place of places) {
          const { client, reply } = await tell(minimal, moment, meaning, place);
          expect({ why, place, looks: likenessOf(reply) }).toEqual({ why, place, looks });
          expect({ why, place, after: likenessOf(await client.status()) }).toEqual({ why, place, after });
        }
      }
    },
  );

  it.each(["PASSWORD_LOCKED_OUT", "QUOTA_EXCEEDED"])("%s is logged as a lock all the same", async (why) => {
    for (const [when, moment] of Object.entries(moments)) {
      if (when === "a poll") continue;
      for (const place of places) {
        await tell(minimal, moment, everywhere[why] ?? unknown, place);
        expect({ when, place, lockedOut: minimal.log.at(-1)?.lockedOut }).toEqual({
          when,
          place,
          lockedOut: true,
        });
      }
    }
  });
});

/** What it means that PingOne ends the flow for a reason that nobody knows. */
function endWithout(when: string): string {
  const step = when === "a poll" ? "poll" : when;
  return (isStep(step) ? steps[step].unexplained?.({})?.error : undefined) ?? "flow-failed";
}

/** A step that can't be turned down has only what PingOne says of the person against it. */
function rejectionOf(when: string): Meaning {
  return Object.values(own[when] ?? {})[0] ?? { details: [locked], word: isLock };
}
