import { loadConfig } from "../../../lib/config.ts";
import type { FlowPorts } from "../../../lib/flow/context.ts";
import type { HeldClaim } from "../../../lib/flow/store.ts";
import { createPingOne } from "../../../lib/pingone/client.ts";
import { createDynamoClient } from "../../../lib/store/client.ts";
import { createFlowStore } from "../../../lib/store/dynamo.ts";
import { createRateLimiter } from "../../../lib/store/limiter.ts";
import { bind } from "../../support/composition.ts";
import { standInHash } from "../../support/keyed-hash.ts";
import { patienceMs, patientStore } from "../../support/patience.ts";
import { standInAws, standInSecrets } from "../../support/stand-in.ts";
import { directTo, type Transport } from "./api.ts";
import { type ChildMessage, type ChildSetup, type Hang, ToChild } from "./child-protocol.ts";
import { namedDefect } from "./defects.ts";

// A process of its own with the real handlers, as Lambda has one: it can be killed and frozen.
let transport: Transport | undefined;

process.on("message", (message) => {
  const told = ToChild.parse(message);
  switch (told.kind) {
    case "setup":
      transport = build(told);
      return say({ kind: "ready" });
    case "call":
      answer(told.id, told.call).catch(() => process.exit(1));
      return;
    case "heap?":
      globalThis.gc?.();
      return say({ kind: "heap", bytes: process.memoryUsage().heapUsed });
  }
});
process.once("disconnect", () => process.exit(0));

async function answer(id: number, call: Parameters<Transport>[0]): Promise<void> {
  if (transport === undefined) throw new Error("The process has not been set up.");
  say({ kind: "reply", id, reply: await transport(call) });
}

function build({ environment, engine, now, hang, defect }: ChildSetup): Transport {
  const config = loadConfig(environment);
  const clock = { now: () => now ?? Date.now() };
  const client = createDynamoClient({ ...patientStore, ...standInAws, endpoint: engine });
  const table = { client, tableName: config.tableName, budgetMs: patienceMs };
  const sound: FlowPorts = {
    store: createFlowStore({ ...table, environment: config.environment }),
    limiter: createRateLimiter({ ...table, keyedHash: standInHash }),
    provider: createPingOne(config.pingOne, clock, standInSecrets),
    clock,
    settings: config.flows,
  };
  const ports = defect === undefined ? sound : namedDefect(defect, config.pingOne)(sound);
  const flows = hang === undefined ? ports : hangingAt(hang, ports);
  return directTo(bind({ flows, log: () => undefined, allowedOrigins: [], cookieDelivery: false }));
}

/** Says that the point is reached, and stays there for ever. */
function hangingAt(hang: Hang, ports: FlowPorts): FlowPorts {
  const at = async (point: Hang) => {
    if (point !== hang) return;
    say({ kind: "reached" });
    await new Promise(() => undefined);
  };
  const { store, provider } = ports;
  return {
    ...ports,
    store: {
      ...store,
      claim: async (request) => {
        await at("before claim");
        const won = await store.claim(request);
        await at("after claim");
        return won.kind === "held" ? { ...won, claim: hangingClaim(won.claim, at) } : won;
      },
    },
    provider: {
      ...provider,
      act: async (...call) => {
        await at("before send");
        return provider.act(...call);
      },
    },
  };
}

function hangingClaim(claim: HeldClaim, at: (point: Hang) => Promise<void>): HeldClaim {
  return {
    ...claim,
    commit: async (result) => {
      await at("before commit");
      const token = await claim.commit(result);
      await at("after commit");
      return token;
    },
  };
}

function say(message: ChildMessage): void {
  process.send?.(message);
}
