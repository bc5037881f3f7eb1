import fc from "fast-check";
import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("verify", {
  ages: true,
  rank: 27,
  before: { completes: { policy: "Self_Service", who: people.passwordOnly, way: ["register"] } },
  body: { verificationCode: "AB12CD34" },
  wellFormed: () => ({ verificationCode: fc.stringMatching(/^[A-Z0-9]{8}$/) }),
  answer: ({ code = "NONE0000" }) => ({ verificationCode: code }),
  wrong: (_, drawn) => ({ verificationCode: `WRONG${drawn}` }),
});
