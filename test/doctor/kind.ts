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

/** What a run of the doctor has said. */
interface Report {
  readonly code: number;
  readonly findings: readonly string[];
}

/** Sees that one thing was found, of a kind; with the words for it where they are told. */
export function expectFinding(
  { code, findings }: Report,
  kind: string,
  told?: { readonly says: string; readonly mend: string },
): void {
  expect(findings).toHaveLength(1);
  const [what = "", where = ""] = findings[0]?.split(" → ") ?? [];
  expect(what.slice(0, what.indexOf(":"))).toBe(`✗ ${kind}`);
  if (told !== undefined) {
    expect(what).toContain(told.says);
    expect(where).toContain(told.mend);
  }
  expect(code).toBe(1);
}

/** Sees that a tenant has nothing wrong until it is broken, and then that one thing. */
export async function expectOnly(tenant: Tenant, { breaks, ...told }: Kind, kind: string): Promise<void> {
  const healthy = await tenant.visit();
  expect(healthy).toMatchObject({ code: 0, findings: [] });
  await breaks(tenant);
  // What stands for every refusal has words of its own.
  expectFinding(await tenant.visit(), kind, kind === "application" ? undefined : told);
}
