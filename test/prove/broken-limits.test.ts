import type { FlowPorts } from "../../lib/flow/context.ts";
import type { LimitedTry } from "../../lib/flow/rate-limiter.ts";
import type { FlowStore } from "../../lib/flow/store.ts";
import { brute } from "./brute.ts";
import { forgedAddresses } from "./forged-addresses.ts";
import type { ApiCall } from "./kit/api.ts";
import { noticing } from "./kit/noticing.ts";
import { lockOutAbuse } from "./lock-out-abuse.ts";

/** No claim counts what it tries. */
function countsNoCredentials({ store, ...ports }: FlowPorts): FlowPorts {
  const claim: FlowStore["claim"] = (request) => store.claim({ ...request, credentialLimit: undefined });
  return { ...ports, store: { ...store, claim } };
}

/** The limit is one more than it should be. */
function countsOneShort({ store, ...ports }: FlowPorts): FlowPorts {
  const claim: FlowStore["claim"] = (request) => store.claim({ ...request, credentialLimit: 6 });
  return { ...ports, store: { ...store, claim } };
}

/** A name is a name, whoever asks about it. */
function forgetsNetworks({ limiter, ...ports }: FlowPorts): FlowPorts {
  const alone = ({ subject, ...limit }: LimitedTry): LimitedTry => ({
    ...limit,
    subject: subject.slice(0, 2),
  });
  return {
    ...ports,
    limiter: { ...limiter, admit: (tries, now) => limiter.admit(tries.filter(isOfName).map(alone), now) },
  };
}

function isOfName({ subject: [kind] }: LimitedTry): boolean {
  return kind === "name";
}

/** Nobody is ever slowed down. */
function limitsNobody(ports: FlowPorts): FlowPorts {
  return { ...ports, limiter: { ...ports.limiter, admit: async () => 0 } };
}

/** The address is what the request says. */
function believesHeaders(call: ApiCall): ApiCall {
  const claimed = call.headers?.["X-Forwarded-For"]?.split(",")[0];
  return claimed === undefined ? call : { ...call, address: claimed };
}

/** Only a whole address is one. */
function countsSingleAddresses({ limiter, ...ports }: FlowPorts): FlowPorts {
  let asked = 0;
  const spread = (one: LimitedTry): LimitedTry => {
    asked += 1;
    return { ...one, subject: [...one.subject, String(asked)] };
  };
  return { ...ports, limiter: { ...limiter, admit: (tries, now) => limiter.admit(tries.map(spread), now) } };
}

noticing([
  {
    proof: brute,
    that: "counts no credentials",
    defect: { ports: countsNoCredentials },
    scale: 0.002,
    told: /brute, \w+: (10|[6-9]) credentials reached PingOne/,
  },
  {
    proof: brute,
    that: "lets one more through",
    defect: { ports: countsOneShort },
    scale: 0.002,
    told: /6 credentials reached PingOne/,
  },
  {
    proof: lockOutAbuse,
    that: "counts a name wherever it is asked about",
    defect: { ports: forgetsNetworks },
    scale: 0.03,
    told: /the owner got rate-limited/,
  },
  {
    proof: lockOutAbuse,
    that: "slows nobody down",
    defect: { ports: limitsNobody },
    scale: 0.03,
    told: /were slowed|the owner got locked-out/,
  },
  {
    proof: forgedAddresses,
    that: "believes the headers",
    defect: { call: believesHeaders },
    scale: 0.06,
    told: /forged headers: 60 were let through/,
  },
  {
    proof: forgedAddresses,
    that: "counts each address for itself",
    defect: { ports: countsSingleAddresses },
    scale: 0.06,
    told: /addresses of one \/64: 60 were let through/,
  },
]);
