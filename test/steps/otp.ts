import fc from "fast-check";
import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("otp", {
  rank: 40,
  before: { completes: { policy: "Passwordless", who: people.emailOtp, way: ["lookup"] } },
  body: { otp: "314159" },
  wellFormed: () => ({ otp: fc.stringMatching(/^\d{4,10}$/) }),
  answer: ({ code = "000000" }) => ({ otp: code }),
  wrong: ({ otp }, drawn) => ({ otp: otherCode(otp, drawn) }),
});

/** Another code of that length. */
function otherCode(code: string, drawn: number): string {
  const codes = 10 ** code.length;
  return String((Number(code) + 1 + (drawn % (codes - 1))) % codes).padStart(code.length, "0");
}
