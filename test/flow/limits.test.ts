import { describe, expect, it } from "vitest";
import { type Asking, admit, withPerson } from "../../lib/flow/limits.ts";
import type { UpstreamAnswer } from "../../lib/flow/provider.ts";
import type { LimitedTry } from "../../lib/flow/rate-limiter.ts";
import { settingsWith } from "../explore/world.ts";
import { jarWith } from "../store/bench.ts";

/** What a request is counted as. */
async function subjectsOf(asking: Asking): Promise<readonly string[]> {
  const counted: LimitedTry[] = [];
  const admission = await admit(
    {
      clock: { now: () => 0 },
      settings: settingsWith("hints"),
      limiter: {
        admit: async (tries) => {
          counted.push(...tries);
          return 0;
        },
        hashOf: async (...texts) => `hash of ${texts.join(" ")}`,
      },
    },
    asking,
  );
  expect(admission.kind).toBe("admitted");
  return counted.map(({ subject }) => subject.join(" "));
}

describe("a request", () => {
  const network = "192.0.2.1";
  const ada = "hash of person ada";

  it.each<[string, Asking, readonly string[]]>([
    [
      "names and sends",
      { name: "Ada", network, sendsMessage: true },
      [`name ada ${network}`, `network ${network}`, `message person ${ada} ${network}`],
    ],
    [
      "only names",
      { name: "Ada", network, sendsMessage: false },
      [`name ada ${network}`, `network ${network}`],
    ],
    ["sends again", { person: ada, network, sendsMessage: true }, [`message person ${ada} ${network}`]],
    [
      "names somebody else than the flow did",
      { name: "Ada", person: "hash of person bob", network, sendsMessage: true },
      [`name ada ${network}`, `network ${network}`, `message person ${ada} ${network}`],
    ],
    [
      "sends, and nobody was named",
      { flowId: "f", network, sendsMessage: true },
      [`message flow f ${network}`],
    ],
    ["is a workflow's", { name: "Ada", flowId: "f", sendsMessage: true }, [`message person ${ada} `]],
    ["does neither", { person: ada, network, sendsMessage: false }, []],
  ])("that %s is counted so", async (_, asking, subjects) => {
    expect(await subjectsOf(asking)).toEqual(subjects);
  });
});

describe("a flow", () => {
  const jar = jarWith({ person: "before" });
  const personAfter = (answer: UpstreamAnswer, person: string | undefined) =>
    withPerson({ answer, jar }, person).jar.person;
  const flow = { status: "OTP_REQUIRED", actions: [], details: {}, expiresAt: "", lifetimeMs: 1 };

  it("remembers who was named where PingOne took the name, or may have", () => {
    expect(personAfter({ kind: "flow", flow }, "now")).toBe("now");
    expect(personAfter({ kind: "doubtful" }, "now")).toBe("now");
  });

  it("still remembers who was named before where it didn't, and where a step names nobody", () => {
    expect(personAfter({ kind: "rejected" }, "now")).toBe("before");
    expect(personAfter({ kind: "rejected", flow }, "now")).toBe("before");
    expect(personAfter({ kind: "unsent" }, "now")).toBe("before");
    expect(personAfter({ kind: "flow", flow }, undefined)).toBe("before");
  });
});
