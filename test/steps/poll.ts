import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("poll", {
  rank: 50,
  before: {
    completes: {
      policy: "Multi_Factor",
      who: people.push,
      way: ["password"],
      // The person has approved by the time that anybody asks.
      meanwhile: async ({ origin }, { username }) => {
        const push = `${origin}/_simulator/push/${username}`;
        const answered = await fetch(push, { method: "POST", body: JSON.stringify({ answer: "approve" }) });
        if (!answered.ok) throw new Error("No push waits for an answer.");
      },
    },
  },
  body: undefined,
  wellFormed: () => ({}),
  answer: () => undefined,
});
