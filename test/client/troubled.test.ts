import { expect, it } from "vitest";
import { client } from "../prove/client.ts";
import { conditionsAt } from "../prove/kit/proof.ts";

it("the client signs people on over a network that loses, doubles, delays and cuts", async () => {
  const { misses, figure } = await client.run(conditionsAt(0.02, 1));
  expect(misses).toEqual([]);
  expect(figure).toMatch(/^\d+ signed on\b/);
});
