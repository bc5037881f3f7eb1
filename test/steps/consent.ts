import fc from "fast-check";
import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

export const sample = defineSample("consent", {
  rank: 60,
  before: { completes: { policy: "Agreement", who: people.passwordOnly, way: ["password"] } },
  body: { accept: true },
  wellFormed: () => ({ accept: fc.boolean() }),
  answer: () => ({ accept: true }),
});
