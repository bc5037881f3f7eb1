import { from, parseReply, type Transport } from "./kit/api.ts";
import { Person } from "./kit/person.ts";
import { Misses, type Proof } from "./kit/proof.ts";
import { pick, type Random } from "./kit/random.ts";
import { onStage, type Stage } from "./kit/stage.ts";

/** What some server or other has taken an address from. */
const headerNames = [
  "CF-Connecting-IP",
  "Client-IP",
  "Fastly-Client-IP",
  "Forwarded",
  "True-Client-IP",
  "X-Client-IP",
  "X-Cluster-Client-IP",
  "X-Forwarded-For",
  "X-Real-IP",
] as const;

/** Names from one network, and one name from it, let through in a window. */
const limits = { NETWORK_LIMIT: "50", NAME_LIMIT: "1000000" };
const most = Number(limits.NETWORK_LIMIT);

/**
 * Somebody who is said to come from everywhere, in headers or from all over a network of theirs, is
 * counted in one place.
 */
export const forgedAddresses: Proof = {
  name: "forged addresses",
  async run({ random, rounds, defect }) {
    const misses = new Misses();
    const wanted = rounds(1_000, most + 20);
    const figures = [];
    for (const sender of [forging, roaming]) {
      figures.push(
        await onStage({ defect, environment: limits }, (stage) => ask(stage, sender, wanted, random, misses)),
      );
    }
    return { rounds: wanted, figure: figures.join("; "), misses: misses.all };
  },
};

interface Sender {
  readonly name: string;
  /** The handlers, as the next request of this sender reaches them. */
  through(transport: Transport, random: Random): Transport;
}

/** One address that claims to be others. */
const forging: Sender = {
  name: "forged headers",
  through: (transport, random) => (call) => {
    const claimed = [0, 1, 2, 3].map(() => random.below(256)).join(".");
    const name = pick(random, headerNames);
    const value = name === "Forwarded" ? `for=${claimed};proto=https` : `${claimed}, 10.0.0.1`;
    const headers = { "X-Forwarded-For": `${claimed}, 127.0.0.1`, [name]: value };
    return transport({ ...call, headers, address: "203.0.113.7" });
  },
};

/** Somebody with a whole /64 of addresses, and some of those written in other ways. */
const roaming: Sender = {
  name: "addresses of one /64",
  through: (transport, random) => {
    const part = () => random.below(0x1_00_00).toString(16);
    const address = `2001:db8:0:7:${part()}:${part()}:${part()}:${part()}`;
    return from(random.chance(0.5) ? address : address.toUpperCase(), transport);
  },
};

async function ask(stage: Stage, { name, through }: Sender, count: number, random: Random, misses: Misses) {
  const problems: (string | undefined)[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = new Person(stage);
    person.transport = through(stage.transport, random);
    await person.start("Identifier_First");
    const { reply } = await person.step("lookup", { username: "ann@example.com" });
    problems.push(reply && parseReply(reply).problem);
  }
  const admitted = problems.filter((one) => one === undefined).length;
  const slowed = problems.filter((one) => one === "rate-limited").length;
  const rows = (await stage.rows()).filter(({ pk }) => String(pk).startsWith("limit#"));
  misses.unless(admitted === most, () => `forged addresses, ${name}: ${admitted} were let through`);
  misses.unless(slowed === count - most, () => `forged addresses, ${name}: ${slowed} were slowed`);
  // The name's row, the network's, and the one for messages that the lookup may have sent.
  misses.unless(rows.length === 3, () => `forged addresses, ${name}: ${rows.length} rows of limits`);
  return `${count} ${name}: ${rows.length - 2} bucket, ${admitted} let through`;
}
