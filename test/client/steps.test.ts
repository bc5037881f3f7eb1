import { expect, expectTypeOf, it } from "vitest";
import { type StepBodies, type StepName, stepNames } from "../../lib/client/steps.ts";
import { type ClientStep, clientSteps, type steps } from "../../lib/flow/steps.ts";

/** The body that a step takes, by its definition. */
type BodyOf<Name extends ClientStep> = Parameters<(typeof steps)[Name]["command"]>[0];

/** The steps whose body the client knows otherwise than their definition has it. */
type Differing = {
  [Name in ClientStep]: Name extends StepName ? (StepBodies[Name] extends BodyOf<Name> ? never : Name) : Name;
}[ClientStep];

it("the client can take every step that the API offers, with the body that it takes", () => {
  expectTypeOf<Differing>().toBeNever();
  expect(clientSteps.filter((name) => !stepNames.includes(name))).toEqual([]);
});
