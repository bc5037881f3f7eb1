import { afterEach } from "vitest";
import type { FlowPorts } from "../../lib/flow/context.ts";
import { cookies } from "./cookies.ts";
import { fuzz } from "./fuzz.ts";
import { believesStatus, followsLinks, takesAnyCode, trustsCookies } from "./kit/broken-upstream.ts";
import { noticing } from "./kit/noticing.ts";
import { ssrf } from "./ssrf.ts";
import { upstreamDrift } from "./upstream-drift.ts";

/** Trips over a device that names itself in other letters. */
const throwsAtStart = ({ provider, ...ports }: FlowPorts): FlowPorts => {
  const start: typeof provider.start = (command, device) => {
    if (/[^ -~]/.test(device.userAgent ?? "")) throw new TypeError("The name is not one.");
    return provider.start(command, device);
  };
  return { ...ports, provider: { ...provider, start } };
};

/** Keeps something where every object finds it. */
const pollutes = ({ provider, ...ports }: FlowPorts): FlowPorts => {
  const start: typeof provider.start = (command, device) => {
    Object.defineProperty(Array.prototype, "polluted", { value: true, configurable: true });
    return provider.start(command, device);
  };
  return { ...ports, provider: { ...provider, start } };
};

afterEach(() => Reflect.deleteProperty(Array.prototype, "polluted"));

noticing([
  {
    proof: ssrf,
    that: "goes where PingOne's links lead",
    defect: { upstream: followsLinks },
    scale: 0.02,
    told: /ssrf: (?:a connection to|somebody came where)/,
  },
  {
    proof: cookies,
    that: "sends back whatever came as a cookie",
    defect: { upstream: trustsCookies },
    scale: 0.05,
    told: /cookies: a jar of \d{4,} bytes|bytes that nobody may send/,
  },
  {
    proof: upstreamDrift,
    that: "takes a code without its state",
    defect: { upstream: takesAnyCode },
    scale: 0.03,
    told: /upstream drift: resume was answered 200/,
  },
  {
    proof: upstreamDrift,
    that: "takes a status for a flow",
    defect: { upstream: believesStatus },
    scale: 0.01,
    told: /upstream drift: \w+ was answered 200/,
  },
  {
    proof: fuzz,
    that: "lets an exception out",
    defect: { ports: throwsAtStart },
    scale: 0.005,
    told: /fuzz, start: Error: it was answered 500/,
  },
  {
    proof: fuzz,
    that: "writes into a prototype",
    defect: { ports: pollutes },
    scale: 0.002,
    told: /fuzz, start: Error: it changed an object/,
  },
]);
