import fc from "fast-check";
import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("token", {
  rank: 110,
  before: {
    completes: {
      policy: "Single_Factor",
      application: "web",
      who: people.passwordOnly,
      way: ["password", "resume"],
    },
  },
  body: { codeVerifier: "sample-of-a-verifier-with-43-characters-123" },
  wellFormed: () => ({ codeVerifier: fc.stringMatching(/^[A-Za-z0-9._~-]{43,128}$/) }),
  answer: ({ verifier = "A".repeat(43) }) => ({ codeVerifier: verifier }),
});
