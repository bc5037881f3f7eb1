import { randomInt } from "node:crypto";
import { tell } from "../contract/replies/record.ts";
import { beginJudging, endJudging, lineOf } from "../contract/replies/run.ts";
import { brute } from "./brute.ts";
import { canary } from "./canary.ts";
import { client } from "./client.ts";
import { contract } from "./contract.ts";
import { cookies } from "./cookies.ts";
import { crash } from "./crash.ts";
import { crossSite } from "./cross-site.ts";
import { dump } from "./dump.ts";
import { enumeration } from "./enumeration.ts";
import { expired } from "./expired.ts";
import { faultMatrix } from "./fault-matrix.ts";
import { fixation } from "./fixation.ts";
import { forgedAddresses } from "./forged-addresses.ts";
import { fuzz } from "./fuzz.ts";
import { hijack } from "./hijack.ts";
import { conditionsAt, type Proof } from "./kit/proof.ts";
import { heading, holds, lineFor, missLinesFor, rowFor } from "./kit/table.ts";
import { lockOutAbuse } from "./lock-out-abuse.ts";
import { pressure } from "./pressure.ts";
import { race } from "./race.ts";
import { replay } from "./replay.ts";
import { settlingRace } from "./settling-race.ts";
import { skew } from "./skew.ts";
import { ssrf } from "./ssrf.ts";
import { staleSocket } from "./stale-socket.ts";
import { throttle } from "./throttle.ts";
import { truth } from "./truth.ts";
import { upstreamDrift } from "./upstream-drift.ts";
import { workflow } from "./workflow.ts";

/** The part of the full rounds that is run unless `PROVE_SCALE` says otherwise. */
const reducedScale = 0.02;

const proofs: readonly Proof[] = [
  race,
  replay,
  faultMatrix,
  crash,
  settlingRace,
  throttle,
  truth,
  expired,
  skew,
  staleSocket,
  pressure,
  workflow,
  client,
  brute,
  lockOutAbuse,
  forgedAddresses,
  crossSite,
  ssrf,
  cookies,
  upstreamDrift,
  fuzz,
  contract,
  hijack,
  fixation,
  dump,
  canary,
  enumeration,
];

const scale = Number(process.env["PROVE_SCALE"] ?? reducedScale);
const seed = Number(process.env["PROVE_SEED"] ?? randomInt(2 ** 32));
const wanted = process.argv.slice(2);
const chosen = proofs.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const unknown = wanted.filter((name) => !proofs.some((proof) => proof.name === name));

if (!(scale > 0 && scale <= 1) || !Number.isInteger(seed) || unknown.length > 0) {
  console.error(
    `PROVE_SCALE is above 0 and at most 1, PROVE_SEED a whole number; the proofs are ${proofs.map(({ name }) => `"${name}"`).join(", ")}.`,
  );
  process.exitCode = 2;
} else {
  await proveAll();
}

async function proveAll(): Promise<void> {
  console.log(`PROVE_SCALE=${scale} PROVE_SEED=${seed}\n${heading}`);
  beginJudging();
  let missed = 0;
  for (const proof of chosen) {
    const row = await rowFor(proof, conditionsAt(scale, seed));
    console.log(lineFor(row));
    for (const line of missLinesFor(row)) console.log(line);
    if (!holds(row)) missed += 1;
  }
  tell();
  const replies = endJudging();
  console.log(lineOf(replies));
  console.log(missed === 0 ? "Every proof holds." : `${missed} of ${chosen.length} proofs do not hold.`);
  process.exitCode = missed === 0 && replies.mismatches.length === 0 ? 0 : 1;
}
