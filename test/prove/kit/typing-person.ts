import type { SignOn, State } from "../../../lib/client/sign-on.ts";
import type { Person } from "../../simulator/people.ts";
import type { Product } from "../../support/product.ts";
import { otherCode, type Random } from "./random.ts";

/** How a sign-on ended: signed on, or the name of what ended it. */
export type SignOnEnd = { readonly isSignedOn: boolean; readonly name: string };

/** How often a person goes on before they have had enough. */
const mostTurns = 60;
/** Part of all times that somebody mistypes. */
const mistyped = 0.25;

/** Somebody at a client: reads what it shows, types, and mistypes at times. */
export class TypingPerson {
  readonly #product: Product;
  readonly #person: Person;
  readonly #random: Random;
  /** How often each text was typed. */
  readonly typed = new Map<string, number>();
  #wrong = 0;

  constructor(product: Product, person: Person, random: Random) {
    this.#product = product;
    this.#person = person;
    this.#random = random;
  }

  /** How often something wrong was typed. */
  get wrong(): number {
    return this.#wrong;
  }

  /** Goes on until the sign-on is over. @param before is called before each thing that the person does */
  async signOn(signOn: SignOn, policy: string, before: () => void): Promise<SignOnEnd> {
    let state = await signOn.start({ policy });
    for (let turn = 0; turn < mostTurns; turn += 1) {
      const end = endOf(state);
      if (end !== undefined) return end;
      before();
      state = await this.#next(signOn, state);
    }
    return { isSignedOn: false, name: `lost in ${state.status}` };
  }

  async #next(signOn: SignOn, state: State): Promise<State> {
    const { username, password = "" } = this.#person;
    switch (state.status) {
      case "SIGN_ON_REQUIRED":
        return signOn.lookup({ username });
      case "USERNAME_PASSWORD_REQUIRED":
      case "PASSWORD_REQUIRED":
        return signOn.password({
          username,
          password: this.#type(password, () => `${password}-${this.#wrong}`),
        });
      case "DEVICE_SELECTION_REQUIRED":
        return signOn.device({ deviceId: state.devices?.[0]?.id ?? "" });
      case "OTP_REQUIRED": {
        const { selectedDevice: deviceId = "" } = state;
        if (this.#random.chance(0.1)) return signOn.device({ deviceId });
        const code = this.#product.code(username);
        return signOn.otp({ otp: this.#type(code, () => otherCode(this.#random, code)) });
      }
      case "PUSH_CONFIRMATION_REQUIRED":
        return this.#confirm(signOn);
      case "COMPLETED":
        return signOn.resume();
      default:
        return signOn.again();
    }
  }

  #type(right: string, wrong: () => string): string {
    const isWrong = this.#random.chance(mistyped);
    const text = isWrong ? wrong() : right;
    this.#wrong += isWrong ? 1 : 0;
    this.typed.set(text, (this.typed.get(text) ?? 0) + 1);
    return text;
  }

  async #confirm(signOn: SignOn): Promise<State> {
    const { origin } = this.#product.simulator;
    await fetch(`${origin}/_simulator/push/${this.#person.username}`, {
      method: "POST",
      body: JSON.stringify({ answer: "approve" }),
    });
    return signOn.waitForPush();
  }
}

function endOf(state: State): SignOnEnd | undefined {
  if (state.status === "RESUMED") return { isSignedOn: true, name: "signed on" };
  if (state.status === "ENDED") return { isSignedOn: false, name: state.error };
  const problem = "problem" in state ? state.problem?.error : undefined;
  // Nobody waits for a lock.
  return problem === "locked-out" || problem === "rate-limited"
    ? { isSignedOn: false, name: problem }
    : undefined;
}
