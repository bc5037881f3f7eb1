import { describe, expect, it } from "vitest";
import { minimal } from "../../lib/flow/disclosure.ts";
import type { Jar, Standing } from "../../lib/flow/jar.ts";
import { idleLimitMs } from "../../lib/flow/lifetime.ts";
import type { UpstreamAnswer, UpstreamFlow } from "../../lib/flow/provider.ts";
import { asksAboutName, clientSteps, type StepName, steps } from "../../lib/flow/steps.ts";

const now = Date.UTC(2026, 3, 22);
const jarOf = (standing: Standing | undefined): Jar => ({
  upstreamFlowId: "f-1",
  cookies: [],
  state: "s".repeat(43),
  nonce: "n",
  application: "mobile",
  standing,
});
const flowIn = (status: string): UpstreamFlow => ({
  status,
  actions: ["device.select"],
  details: { devices: [{ id: "d-1", type: "SMS", hint: "**01" }] },
  expiresAt: new Date(now + 60_000).toISOString(),
  lifetimeMs: 60_000,
});

/** What is told of an answer to a step, and what is kept of it. */
function told(step: StepName, answer: UpstreamAnswer, standing: Standing | undefined, status = "BEFORE") {
  const question = { step, status, asksName: asksAboutName(step), now };
  return minimal({ answer, jar: jarOf(standing) }, question);
}

describe("minimal disclosure, once PingOne has moved the flow on", () => {
  it.each(clientSteps)(
    "ends with %s where that has proved the person or takes back who was named, and nowhere else",
    (step) => {
      const { jar } = told(step, { kind: "flow", flow: flowIn("DEVICE_SELECTION_REQUIRED") }, "named");
      const { forgetsPerson = false, triesCredential } = steps[step];
      expect(jar.standing).toBe(triesCredential || forgetsPerson ? undefined : "named");
    },
  );

  it.each(clientSteps.filter((step) => steps[step].triesCredential))(
    "tells after %s why a later step has failed, and begins no decoy",
    (step) => {
      const { jar } = told(step, { kind: "flow", flow: flowIn("DEVICE_SELECTION_REQUIRED") }, "named");
      const failed = { kind: "failed", failure: "NO_USABLE_DEVICES", flow: flowIn("FAILED") } as const;
      const later = told("device", failed, jar.standing);
      expect(later).toMatchObject({ answer: failed, jar: { standing: undefined } });
      expect(told("device", failed, "named", "OTP_REQUIRED")).toMatchObject({
        answer: { kind: "rejected" },
        jar: { standing: "decoy" },
      });
    },
  );

  it("goes on where a step has moved nothing", () => {
    const { jar } = told("otp", { kind: "flow", flow: flowIn("BEFORE") }, "named");
    expect(jar.standing).toBe("named");
  });
});

describe("minimal disclosure of the flow beside a refusal that is told", () => {
  it.each(clientSteps)("shows nothing of the flow that a decoy reads, after %s", (step) => {
    for (const status of ["BEFORE", "SIGN_ON_REQUIRED"]) {
      const read = { kind: "rate-limited", retryAfter: 2, flow: flowIn(status) } as const;
      expect(told(step, read, "decoy")).toEqual({
        ...{ jar: jarOf("decoy"), hidesLock: false },
        answer: { kind: "rate-limited", retryAfter: 2 },
      });
    }
  });

  it.each(clientSteps)("tells a decoy that PingOne has ended the flow that it reads, after %s", (step) => {
    const ended = { kind: "rate-limited", retryAfter: 2, flow: flowIn("FAILED") } as const;
    expect(told(step, ended, "decoy").answer).toEqual(ended);
  });

  const limited = { kind: "rate-limited", retryAfter: 2, flow: flowIn("BEFORE") } as const;

  it.each(clientSteps)("shows no address of a proved person after %s", (step) => {
    const { answer } = told(step, limited, undefined);
    expect(answer).toMatchObject({ kind: "rate-limited", flow: { status: "BEFORE" } });
    expect(JSON.stringify(answer)).not.toContain("**01");
  });

  it.each(clientSteps)("shows of somebody who is only named what a decoy shows, after %s", (step) => {
    const { answer, jar } = told(step, limited, "named");
    expect(jar.standing).toBe("named");
    const life = { expiresAt: new Date(now + idleLimitMs).toISOString(), lifetimeMs: idleLimitMs };
    expect(answer).toEqual({ ...limited, flow: { ...limited.flow, ...life, details: {} } });
  });
});
