import type { Invoked } from "../local/deployed/function-pool.ts";
import type { Platform } from "./workflow-product.ts";

/** What the platform does with the tries of one state, one after the other; from then on what it should. */
export function atState(state: string, ...turns: readonly Platform[]): Platform {
  const left = [...turns];
  return (call, deliver) => {
    const turn = call.state === state ? left.shift() : undefined;
    return turn === undefined ? deliver() : turn(call, deliver);
  };
}

/** The function is not asked; this is said in its place. */
export function fails(errorType: string): Platform {
  return async () => ({ kind: "failed", errorType, message: "A sentence.", trace: [] });
}

/** The function is not asked; it seems to have put this out. */
export function putsOut(output: object): Platform {
  return async () => ({ kind: "answered", payload: JSON.stringify(output) });
}

const crashed: Invoked = { kind: "crashed" };

/** The function did all of its work, and nobody learns of it. */
export const lostAfterwards: Platform = async (_, deliver) => {
  await deliver();
  return crashed;
};

/** The function never ran, and nobody learns of it. */
export const lostBefore: Platform = async () => crashed;

/** The function is asked twice at once, by the same payload. */
export const twiceAtOnce: Platform = async (_, deliver) => {
  const [first] = await Promise.all([deliver(), deliver()]);
  return first;
};

/** The function is asked, and asked the same again once it has answered. */
export const twiceInTurn: Platform = async (_, deliver) => {
  await deliver();
  return deliver();
};

/** The function did all of its work, and this is said in its place. */
export function failsAfterwards(errorType: string): Platform {
  return async (call, deliver) => {
    await deliver();
    return fails(errorType)(call, deliver);
  };
}
