import type { Kind } from "./kind.ts";
import { at, clockOff, file } from "./tenant.ts";

const often = { times: 50 } as const;

/** Everything that can be wrong with the place where PingOne is looked for, its keys, and the clock. */
export const ofPlace: readonly Kind[] = [
  {
    kind: "environment-id",
    because: "of nobody",
    breaks: (tenant) => at(tenant, `${tenant.simulator.origin}/00000000-0000-4000-9000-00000000000d`),
    says: "PingOne has no environment there: it answers 404.",
    mend: `pingOne.baseUrl in ${file}`,
  },
  {
    kind: "issuer",
    because: "of another host, as with a custom domain",
    breaks: (tenant) => at(tenant, tenant.simulator.baseUrl.replace("127.0.0.1", "localhost")),
    says: "PingOne's tokens name the issuer http://127.0.0.1:",
    mend: `pingOne.baseUrl in ${file}`,
  },
  {
    kind: "not-pingone",
    because: "a page",
    breaks: ({ simulator }) => simulator.faults.script({ kind: "html", on: "discovery" }),
    says: "What answers there isn't PingOne",
    mend: `pingOne.baseUrl in ${file}`,
  },
  {
    kind: "unreachable",
    because: "with nothing that listens",
    breaks: (tenant) => at(tenant, "http://127.0.0.1:1/c2f0b6de-7a43-4f4e-9d55-2f6f5d0a9e10"),
    says: "PingOne can't be asked:",
    mend: `pingOne.baseUrl in ${file}, or the network`,
  },
  {
    kind: "failing",
    because: "with 503",
    breaks: ({ simulator }) => simulator.faults.script({ kind: "status", on: "discovery", status: 503 }),
    says: "PingOne itself fails: 503.",
    mend: "https://status.pingidentity.com",
  },
  {
    kind: "rate-limited",
    because: "at the first call",
    breaks: ({ simulator }) => simulator.faults.script({ kind: "status", on: "discovery", status: 429 }),
    says: "PingOne answers no more calls from this address now.",
    mend: "docs/pingone-setup.md, step 5",
  },
  {
    kind: "rate-limited",
    because: "at a start",
    breaks: ({ simulator }) =>
      simulator.faults.script({ kind: "status", on: "authorize", status: 429, ...often }),
    says: "PingOne answers no more calls from this address now.",
    mend: "docs/pingone-setup.md, step 5",
  },
  {
    kind: "keys",
    because: "none",
    breaks: ({ simulator }) =>
      simulator.faults.script({ kind: "reply", on: "jwks", status: 200, body: { keys: [] } }),
    says: "PingOne gives no keys",
    mend: `pingOne.baseUrl in ${file}`,
  },
  {
    kind: "clock",
    because: "ahead",
    breaks: (tenant) => clockOff(tenant, 61_000),
    says: "This machine's clock is 61 s ahead of PingOne's.",
    mend: "NTP",
  },
  {
    kind: "clock",
    because: "behind",
    breaks: (tenant) => clockOff(tenant, -61_000),
    says: "This machine's clock is 61 s behind PingOne's.",
    mend: "NTP",
  },
  {
    kind: "placeholder",
    because: "for the environment",
    breaks: (tenant) => at(tenant, "https://auth.pingone.eu/00000000-0000-4000-8000-00000000000d"),
    says: "pingOne.baseUrl: This is a placeholder.",
    mend: file,
  },
  {
    kind: "placeholder",
    because: "for an application",
    breaks: (tenant) => tenant.set({ clientId: "00000000-0000-4000-8000-0000000000d1" }),
    says: "applications.shop.clientId: This is a placeholder.",
    mend: file,
  },
];
