import { describe, it } from "vitest";
import { expectOnly } from "./kind.ts";
import { ofApplication } from "./kinds-of-application.ts";
import { ofPlace } from "./kinds-of-place.ts";
import { openTenant } from "./tenant.ts";

describe("npm run doctor, on a tenant that has one thing wrong", () => {
  it.each([...ofPlace, ...ofApplication])("finds $kind $because", async (row) => {
    await expectOnly(await openTenant(), row, row.kind);
  });

  it.each(ofApplication)("finds $kind $because where PingOne names no parameter", async (row) => {
    await expectOnly(await openTenant({ startRefusals: "bare" }), row, row.untold ?? row.kind);
  });
});
