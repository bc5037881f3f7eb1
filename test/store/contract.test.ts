import { afterAll, beforeAll, describe } from "vitest";
import { engineKinds } from "../support/engines.ts";
import { type Bench, openBench } from "./bench.ts";
import { lifeContract } from "./contract.ts";
import { limitContract } from "./contract-limits.ts";
import { refusalContract } from "./contract-refusals.ts";
import { repetitionContract } from "./contract-repetitions.ts";
import { retryContract } from "./contract-retries.ts";
import { secretsContract } from "./contract-secrets.ts";
import { settlingContract } from "./contract-settling.ts";
import { unusableContract } from "./contract-unusable.ts";
import { watchingContract } from "./contract-watching.ts";

describe.each(engineKinds)("a flow store on $name", (kind) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(kind);
  });
  afterAll(() => bench.close());

  lifeContract(() => bench);
  limitContract(() => bench);
  refusalContract(() => bench);
  repetitionContract(() => bench);
  retryContract(() => bench);
  secretsContract(() => bench);
  settlingContract(() => bench);
  unusableContract(() => bench);
  watchingContract(() => bench);
});
