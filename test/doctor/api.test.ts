import { describe, expect, it } from "vitest";
import { people } from "../simulator/people.ts";
import { policyNames } from "../simulator/policies.ts";
import { type ApiStage, meddle, openApi } from "./api-stage.ts";
import { expectFinding } from "./kind.ts";

interface Row {
  readonly kind: string;
  readonly because: string;
  readonly breaks: (stage: ApiStage) => unknown;
  readonly says: string;
  readonly mend: string;
}

const nothingSent = () => Promise.reject(new Error("Nothing may be sent there."));

const json = { headers: { "content-type": "application/json" } };

const rows: readonly Row[] = [
  {
    kind: "unreachable",
    because: "with nothing that listens",
    breaks: (stage) => {
      stage.url = "http://127.0.0.1:1";
    },
    says: "The API can't be asked: ",
    mend: "the output ApiUrl",
  },
  {
    kind: "unreachable",
    because: "by a URL that is none",
    breaks: (stage) => {
      stage.url = "sign-on";
    },
    says: "The URL isn't one.",
    mend: "the output ApiUrl",
  },
  {
    kind: "unreachable",
    because: "by a URL that anybody on the way can read along",
    breaks: (stage) => {
      stage.url = "http://sign-on.test";
      stage.fetch = nothingSent;
    },
    says: "The URL isn't https, and a password would be sent to it in the clear.",
    mend: "the output ApiUrl",
  },
  {
    kind: "unreachable",
    because: "by a URL of another kind",
    breaks: (stage) => {
      stage.url = "ftp://sign-on.test";
      stage.fetch = nothingSent;
    },
    says: "The URL isn't https, or has more in it than a host and a path.",
    mend: "the output ApiUrl",
  },
  {
    kind: "not-this-api",
    because: "but PingOne",
    breaks: (stage) => {
      stage.url = stage.product.simulator.baseUrl;
    },
    says: "What answers there isn't this API: 404.",
    mend: "the output ApiUrl",
  },
  {
    kind: "journey",
    because: "that PingOne ends",
    breaks: ({ product }) =>
      product.simulator.faults.script({ kind: "failed", on: "device.select", code: "MFA_DISABLED" }),
    says: "mobile, Multi_Factor: start, password, device: it stands at flow-failed",
    mend: "docs/api.md",
  },
  {
    kind: "journey",
    because: "under a policy that the API doesn't know",
    breaks: ({ settings: { applications } }) => applications["mobile"]?.policies.push("Other"),
    says: "mobile, Other: start: it stands at request-invalid",
    mend: "docs/api.md",
  },
  {
    kind: "rejection",
    because: "of a password by another name",
    breaks: (stage) => {
      const isWrong = (url: string, { body }: RequestInit) =>
        url.endsWith("/password") && String(body).includes("-wrong") && String(body).includes("ann@");
      stage.fetch = meddle(isWrong, () => Promise.resolve(problem("wrong-step")));
    },
    says: "a wrong password is answered wrong-step, not credentials-rejected",
    mend: "docs/api.md",
  },
  {
    kind: "rejection",
    because: "of a malformed start by another name",
    breaks: (stage) => {
      let malformed = 0;
      stage.fetch = meddle(
        (url, { body }) => url.endsWith("/flows") && body === "{}" && ++malformed === 2,
        () => Promise.resolve(problem("outcome-unknown")),
      );
    },
    says: "a start without its challenge is answered outcome-unknown, not request-invalid.",
    mend: "what is deployed at the URL",
  },
  {
    kind: "tokens",
    because: "for a code that PingOne refuses",
    breaks: ({ product }) => product.simulator.faults.script({ kind: "status", on: "token", status: 400 }),
    says: "mobile, Single_Factor: the code brings no tokens to trust: refused.",
    mend: "docs/pingone-setup.md",
  },
  {
    kind: "tokens",
    because: "signed by a key that nobody knows",
    breaks: ({ product }) =>
      product.simulator.faults.script({ kind: "reply", on: "jwks", status: 200, body: { keys: [] } }),
    says: "mobile, Single_Factor: the ID token's signature isn't by one of PingOne's keys.",
    mend: "docs/pingone-setup.md",
  },
  {
    kind: "repetition",
    because: "behind a proxy that drops the key",
    breaks: (stage) => {
      const withKey = (url: string, { headers }: RequestInit) =>
        url.endsWith("/flows") && new Headers(headers).has("idempotency-key");
      stage.fetch = meddle(withKey, (url, init) => {
        const headers = new Headers(init.headers);
        headers.delete("idempotency-key");
        return fetch(url, { ...init, headers });
      });
    },
    says: "A start that is repeated under its Idempotency-Key begins another flow",
    mend: "a proxy that drops the header",
  },
  {
    kind: "cancel",
    because: "behind a proxy that takes no DELETE",
    breaks: (stage) => {
      stage.fetch = meddle(
        (_url, { method }) => method === "DELETE",
        () => Promise.resolve(problem("wrong-step")),
      );
    },
    says: "A sign-on that is cancelled stands at",
    mend: "a proxy that takes no DELETE",
  },
  {
    kind: "preflight",
    because: "of a page that was added since",
    breaks: (stage) => {
      stage.settings = { ...stage.settings, allowedOrigins: ["https://new.test"] };
    },
    says: "Pages of https://new.test may not call the API.",
    mend: "allowedOrigins in infra/environments/dev.ts",
  },
];

function problem(error: string): Response {
  const body = { error, flowEnded: false, retryable: false, attemptCounted: false };
  return new Response(JSON.stringify(body), { status: 409, ...json });
}

describe("npm run doctor -- --api, on an API that has one thing wrong", () => {
  it.each(rows)("finds $kind $because", async ({ kind, breaks, ...told }) => {
    const stage = await openApi();
    await breaks(stage);
    expectFinding(await stage.visit(), kind, told);
  });
});

describe("npm run doctor -- --api", () => {
  it("signs the simulator's people on under every policy, and finds nothing", async () => {
    const stage = await openApi();
    const { code, lines, findings } = await stage.visit();
    expect(findings).toEqual([]);
    expect(code).toBe(0);
    const told = lines.filter((line) => line.startsWith("✓"));
    expect(told).toHaveLength(policyNames.length + 3);
    expect(told.slice(0, 5)).toEqual([
      "✓ mobile, Single_Factor: start, password, resume: ID token verified",
      "✓ mobile, Multi_Factor: start, password, otp, resume: ID token verified",
      "✓ mobile, Multi_Factor: start, password, device, otp, resume: ID token verified",
      "✓ mobile, Multi_Factor: start, password, poll, resume: ID token verified",
      "✓ mobile, Passwordless: start, lookup, otp, resume: ID token verified",
    ]);
    expect(told.at(-1)).toBe("✓ web, Single_Factor: start, password, resume");
    const wrong = ({ action, status }: { action: string; status?: number }) =>
      status === 400 && ["otp.check", "usernamePassword.check"].includes(action);
    expect(stage.product.simulator.calls.filter(wrong).length).toBeGreaterThan(4);
  });

  it("sends nothing to a URL that may have a secret in it, and prints none of it", async () => {
    const stage = await openApi();
    stage.fetch = nothingSent;
    for (const url of [
      "https://ann:s3cret@sign-on.test/dev",
      "https://s3cret@sign-on.test/dev",
      "ann:s3cret@sign-on.test/dev",
      "https://sign-on.test/dev?key=s3cret",
      "https://sign-on.test/dev#s3cret",
      "s3cret",
    ]) {
      stage.url = url;
      const { lines, findings, code } = await stage.visit();
      expect([url, code, findings.length, lines[0]]).toEqual([
        url,
        1,
        1,
        "The API at the URL that was given.",
      ]);
      expect(lines.join("\n")).not.toContain("s3cret");
    }
  });

  it("asks at the terminal for a test person, and prints nothing of what it heard", async () => {
    const stage = await openApi();
    const { username, password } = people.smsOtp;
    const asked: string[] = [];
    stage.fetch = (input, init) =>
      String(input).includes("/_simulator/")
        ? Promise.resolve(new Response("", { status: 404 }))
        : globalThis.fetch(input, init);
    const { mobile } = stage.settings.applications;
    if (mobile === undefined) throw new Error("There is no such application.");
    stage.settings = {
      ...stage.settings,
      applications: { mobile: { ...mobile, policies: ["Multi_Factor"] } },
    };
    stage.terminal = {
      ask: async (question) => {
        asked.push(question);
        return question.startsWith("User name") ? username : stage.product.code(username);
      },
      askHidden: async (question) => {
        asked.push(question);
        return password;
      },
    };
    const { lines, code } = await stage.visit();
    expect(code).toBe(0);
    expect(asked).toEqual([
      "User name of a test person (not a real one): ",
      "Password (nothing is shown): ",
      "Code that was sent to *******01: ",
    ]);
    const heard = [username, password, stage.product.code(username)];
    expect(lines.filter((line) => heard.some((secret) => line.includes(secret)))).toEqual([]);
  });
});
