import { randomInt } from "node:crypto";
import { conditionsAt } from "./kit/proof.ts";
import { seededRandom } from "./kit/random.ts";
import { heading, holds, lineFor, missLinesFor, rowFor } from "./kit/table.ts";
import { soak } from "./soak.ts";

const fullMinutes = 30;

const scale = Number(process.env["PROVE_SCALE"] ?? 1);
const seed = Number(process.env["PROVE_SEED"] ?? randomInt(2 ** 32));
const minutes = fullMinutes * scale;

console.log(`PROVE_SCALE=${scale} PROVE_SEED=${seed}: ${minutes.toFixed(1)} minutes`);
const row = await rowFor(
  {
    name: "soak",
    run: ({ defect }) =>
      soak({
        ...{ minutes, concurrent: 50, thinkMs: 1_000, defect },
        random: seededRandom(seed),
        print: (line) => console.log(line),
      }),
  },
  conditionsAt(scale, seed),
);
console.log(`${heading}\n${lineFor(row)}`);
for (const line of missLinesFor(row)) console.log(line);
process.exitCode = holds(row) ? 0 : 1;
