import { afterAll, beforeAll, describe } from "vitest";
import { openModelBench } from "../explore/table/bench.ts";
import { engineKinds } from "../support/engines.ts";
import { type Bench, openBench } from "./bench.ts";
import { lifeContract } from "./contract.ts";
import { laterReleaseContract } from "./contract-later.ts";
import { limitContract } from "./contract-limits.ts";
import { pollContract } from "./contract-polls.ts";
import { refusalContract } from "./contract-refusals.ts";
import { repetitionContract } from "./contract-repetitions.ts";
import { retryContract } from "./contract-retries.ts";
import { secretsContract } from "./contract-secrets.ts";
import { settlingContract } from "./contract-settling.ts";
import { startContract } from "./contract-starts.ts";
import { unusableContract } from "./contract-unusable.ts";
import { watchingContract } from "./contract-watching.ts";

/** Every table there is: the adapter on each engine, and the model that the exploration runs on. */
const tables = [
  ...engineKinds.map((kind) => ({ name: kind.name, open: () => openBench(kind) })),
  { name: "the model", open: () => openModelBench(true) },
  { name: "the model that brings no item", open: () => openModelBench(false) },
];

describe.each(tables)("a flow store on $name", ({ open }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  lifeContract(() => bench);
  laterReleaseContract(() => bench);
  limitContract(() => bench);
  pollContract(() => bench);
  refusalContract(() => bench);
  repetitionContract(() => bench);
  retryContract(() => bench);
  secretsContract(() => bench);
  settlingContract(() => bench);
  startContract(() => bench);
  unusableContract(() => bench);
  watchingContract(() => bench);
});
