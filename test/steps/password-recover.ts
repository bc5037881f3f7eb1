import fc from "fast-check";
import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

const newPassword = "Quiet-Meadow-74";

export const sample = defineSample("password-recover", {
  ages: true,
  rank: 26,
  changesPerson: true,
  before: {
    goesOn: { policy: "Self_Service_Multi_Factor", who: people.emailOtp, way: ["password-forgot"] },
    completes: { policy: "Self_Service", who: people.passwordOnly, way: ["password-forgot"] },
  },
  body: { recoveryCode: "AB12CD34", newPassword },
  wellFormed: (text) => ({ recoveryCode: fc.stringMatching(/^[A-Z0-9]{8}$/), newPassword: text }),
  answer: ({ code = "NONE0000" }) => ({ recoveryCode: code, newPassword }),
  wrong: (right, drawn) => ({ ...right, recoveryCode: `WRONG${drawn}` }),
});
