import { type ClientStep, clientSteps, isStep } from "../../../lib/flow/steps.ts";
import { people, type Person as Seeded } from "../../simulator/people.ts";
import type { PolicyName } from "../../simulator/policies.ts";
import { registered } from "../../support/stand-in.ts";
import { isAtChoice, samples, stepToTake } from "../../support/step-samples.ts";
import type { ApiCall } from "./api.ts";
import type { Person } from "./person.ts";
import { pick, type Random } from "./random.ts";
import type { Stage } from "./stage.ts";

const { passwordOnly, emailOtp, smsOtp, twoDevices, noPassword } = people;
const withDevice = [emailOtp, smsOtp, twoDevices] as const;

/** Whom each of the seeded policies leads to a code. */
const policies: readonly { readonly policy: PolicyName; readonly whom: readonly Seeded[] }[] = [
  { policy: "Single_Factor", whom: [passwordOnly, ...withDevice] },
  { policy: "Identifier_First", whom: [passwordOnly, ...withDevice] },
  { policy: "Multi_Factor", whom: withDevice },
  { policy: "Passwordless", whom: [...withDevice, noPassword] },
];

/** One who signs on, and under which policy. */
interface SignOn {
  readonly policy: PolicyName;
  /** To which application, by the name that clients give. */
  readonly application: string;
  readonly who: Seeded;
}

/** How often somebody at a choice takes the step that leads no further: another device, or a new code. */
const choosesAside = 0.2;

/** How many such steps somebody takes before going straight on: a flow has no attempts left for many more. */
const mostAside = 2;

/** Every application that may be signed on to. */
const applications = Object.keys(registered);

/** Draws a policy and somebody whom it leads to a code. */
export function drawSignOn({ simulator }: Stage, random: Random): SignOn {
  const { policy, whom } = pick(random, policies);
  const met = metUnder(policy).filter(({ who }) => !whom.includes(who));
  const { who, isChanged } = pick(random, [...whom.map((one) => ({ who: one, isChanged: false })), ...met]);
  return { policy, application: pick(random, applications), who: isChanged ? simulator.enrol(who) : who };
}

/** Those whom the samples bring to their steps, and whether a step of theirs changes them. */
function metUnder(policy: PolicyName) {
  return clientSteps.flatMap((step) => {
    const { before, changesPerson: isChanged = false } = samples[step];
    const scenes = [before.goesOn, before.completes].filter((scene) => scene?.policy === policy);
    return scenes.flatMap((scene) => (scene === undefined ? [] : [{ who: scene.who, isChanged }]));
  });
}

/**
 * What the person does next, as the last reply offers it; nothing where it offers nothing that they could do.
 *
 * @param aside how often they take a step that leads no further where there is another
 */
export function drawStep(
  { who }: Omit<SignOn, "application">,
  person: Person,
  random: Random,
  aside = choosesAside,
): { readonly step: ClientStep; readonly body: ApiCall["body"] } | undefined {
  const { body } = person.sent.at(-1)?.reply ?? {};
  const offered = (body?.flow ?? body)?.next ?? [];
  const wanders = wentAside(person) < mostAside;
  const step = stepToTake(offered, isAtChoice(offered) && random.chance(aside) && wanders);
  if (step === undefined) return undefined;
  const answer = samples[step].answer({
    who,
    get code() {
      return person.code(who.username);
    },
    verifier: person.verifier,
    // The last device of everybody's list is one that leads on without a second one.
    pick: (choices) => pick(random, wanders ? choices : choices.slice(-1)),
  });
  return { step, body: answer };
}

/** How many steps of a person led no further. */
function wentAside({ sent }: Person): number {
  return sent.filter(({ call: { name } }) => isStep(name) && samples[name].aside).length;
}
