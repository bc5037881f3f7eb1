import { createSignOn, type SignOn, type SignOnOptions } from "../../lib/client/sign-on.ts";
import type { FlowPorts } from "../../lib/flow/context.ts";
import type { IdentityProvider } from "../../lib/flow/provider.ts";
import { client, clientProof } from "./client.ts";
import { noticing } from "./kit/noticing.ts";

/** PingOne is asked once more, to be sure. */
function asksTwice({ provider, ...ports }: FlowPorts): FlowPorts {
  const act: IdentityProvider["act"] = async (...call) => {
    await provider.act(...call);
    return provider.act(...call);
  };
  return { ...ports, provider: { ...provider, act } };
}

/** What got nowhere is sent again without anybody having typed it. */
function impatient(options: SignOnOptions): SignOn {
  const signOn = createSignOn(options);
  const password: SignOn["password"] = async (body) => {
    const state = await signOn.password(body);
    return "problem" in state && state.problem !== undefined ? signOn.password(body) : state;
  };
  return { ...signOn, password };
}

noticing([
  {
    proof: client,
    that: "asks PingOne twice",
    defect: { ports: asksTwice },
    scale: 0.01,
    told: /^sign-on-\d+: PingOne saw \d+ times what was typed \d+ times$/,
  },
  {
    proof: clientProof(impatient),
    that: "is called by a client that sends again what was rejected",
    defect: {},
    scale: 0.02,
    told: /^sign-on-\d+: PingOne saw \d+ times what was typed \d+ times$/,
  },
]);
