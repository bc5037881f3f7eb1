import fc from "fast-check";
import { people } from "../simulator/people.ts";
import { defineSample } from "../support/step-sample.ts";

const attributes = { nickname: "Annie", "address.locality": "Utrecht" };

export const sample = defineSample("profile", {
  rank: 55,
  before: {
    completes: { policy: "Progressive_Profiling", who: people.passwordOnly, way: ["password"] },
  },
  body: { attributes },
  wellFormed: (text) => ({
    attributes: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/), text, { maxKeys: 8 }),
  }),
  answer: () => ({ attributes }),
  wrong: (_, drawn) => ({ attributes: { ...attributes, "address.locality": `${drawn} leagues away` } }),
});
