import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

const newPassword = "Quiet-Meadow-73";

export const sample = defineSample("password-change", {
  rank: 25,
  changesPerson: true,
  before: {
    goesOn: { policy: "Multi_Factor", who: people.temporaryPassword, way: ["password"] },
    completes: { policy: "Single_Factor", who: people.passwordExpired, way: ["password"] },
  },
  body: { currentPassword: people.passwordExpired.password, newPassword },
  wellFormed: (text) => ({ currentPassword: text, newPassword: text }),
  answer: ({ who }) => ({ currentPassword: who.password ?? "", newPassword }),
  wrong: (right, drawn) => ({ ...right, currentPassword: `Not-The-One-${drawn}` }),
});
