import { expect } from "vitest";
import type { Tenant } from "./tenant.ts";

/** A kind of finding, and a tenant or settings that have it. */
export interface Kind {
  readonly kind: string;
  readonly because: string;
  readonly breaks: (tenant: Tenant) => unknown;
  /** Where PingOne doesn't say which parameter it refuses. */
  readonly untold?: string;
  readonly says: string;
  readonly mend: string;
}

/** Sees that a tenant has nothing wrong until it is broken, and then that one thing. */
export async function expectOnly(tenant: Tenant, { breaks, says, mend }: Kind, kind: string): Promise<void> {
  const healthy = await tenant.visit();
  expect(healthy).toMatchObject({ code: 0, findings: [] });
  await breaks(tenant);
  const { code, findings } = await tenant.visit();
  expect(findings).toHaveLength(1);
  const [finding = ""] = findings;
  expect(finding.slice(0, finding.indexOf(":"))).toBe(`✗ ${kind}`);
  if (kind !== "application") {
    expect(finding.split(" → ")[0]).toContain(says);
    expect(finding.split(" → ")[1]).toContain(mend);
  }
  expect(code).toBe(1);
}
