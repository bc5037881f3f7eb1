import type { ClientStep } from "../../lib/flow/steps.ts";
import { samples, stepToTake } from "../support/step-samples.ts";
import { rightAnswer, sceneBefore, walkerBy, walkTo } from "../support/step-scenes.ts";
import type { Journey } from "./journey.ts";

/** A sign-on by way of a step: wrongly where that can be, then rightly, and on to the code. */
export function journeyBy(step: ClientStep): Omit<Journey, "seen"> {
  return {
    name: step,
    async *run(world) {
      const client = world.client();
      const walker = walkerBy(client, world.simulator);
      const scene = sceneBefore(step, world.simulator);
      await walkTo(scene, walker, world.simulator);
      const right = rightAnswer(step, scene.who, walker);
      const wrong = samples[step].wrong?.(right, 0);
      if (wrong !== undefined) yield { reply: await client.step(step, wrong) };
      let reply = await client.step(step, right);
      yield { reply };
      for (let next = stepToTake(reply.body.next ?? []); next; next = stepToTake(reply.body.next ?? [])) {
        reply = await client.step(next, rightAnswer(next, scene.who, walker));
        yield { reply };
      }
      const { preferred_username: name, amr } = await world.redeem(client, reply);
      yield { claims: { name, amr } };
    },
  };
}
