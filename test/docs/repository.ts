import * as z from "zod";
import { checkDocs } from "./check/check.js";
import { treeOf } from "./check/tree.js";
import type { Facts, Tree } from "./check/types.ts";

/** What a small product says of itself. */
const facts: Facts = {
  problems: {
    "flow-expired": { status: 410, flowEnded: true, retryable: false, attemptCounted: false },
    "outcome-unknown": { status: 503, flowEnded: false, retryable: false, attemptCounted: null },
  },
  catalogue: { "flow-expired": 410, "outcome-unknown": 503, internal: 500 },
  routes: [
    { method: "POST", path: "/flows", function: "start" },
    { method: "POST", path: "/flows/{flowId}/otp", function: "otp" },
    { method: "DELETE", path: "/flows/{flowId}", function: "cancel" },
  ],
  bodies: {
    start: z.strictObject({ codeChallenge: z.string().length(43), policy: z.string().optional() }),
    otp: z.strictObject({ otp: z.string().regex(/^\d{6}$/) }),
    cancel: z.strictObject({}),
  },
  variables: {
    TABLE_NAME: { required: true, fallback: undefined, values: undefined },
    ATTEMPT_LIMIT: { required: false, fallback: "10", values: "1–100" },
    DISCLOSURE: { required: false, fallback: "hints", values: "hints, minimal" },
    KEY_ARN: { required: false, fallback: "", values: undefined },
  },
  simulatorActions: [
    { name: "otp.check", body: z.strictObject({ otp: z.string() }), offeredIn: ["OTP_REQUIRED"] },
    { name: "a.select", body: z.strictObject({ id: z.string().optional() }), offeredIn: ["TWO", "ONE"] },
  ],
  alarms: ["doubtful", "slow"],
  workflowCalls: { start: ["codeChallenge"], cancel: ["flowId", "token"], resume: ["flowId", "token"] },
  workflowErrors: {
    retryable: ["RateLimited"],
    settled: ["FlowExpired", "TokenSuperseded"],
    open: ["OutcomeUnknown"],
  },
  executionInput: z.strictObject({ codeChallenge: z.string().length(43), policy: z.string().optional() }),
  scripts: new Set(["prove", "start", "test"]),
  lineWidth: 40,
};

/** A page with each of the tables that repeat the small product. */
export const tables = `# Tables

<!-- table: problems -->
| \`error\` | HTTP | When | Flow ended | Retry | Attempt counted |
|---|---|---|---|---|---|
| \`flow-expired\` | 410 | \`Retry-After\` is no row | yes | | |
| \`outcome-unknown\` | 503 | nobody knows | | | unknown |

<!-- table: calls -->
| Call | Body | Reply |
|---|---|---|
| \`POST /flows\` | \`policy?\`, \`codeChallenge\` | the flow |
| \`POST /flows/{flowId}/otp\` | \`otp\`, once only | the flow |
| \`DELETE /flows/{flowId}\` | | 204 |

<!-- table: configuration -->
| Variable | Values | Default | What it says |
|---|---|---|---|
| \`TABLE_NAME\` | a name | required | the table |
| \`ATTEMPT_LIMIT\` | 1–100 | 10 | of a flow |
| \`DISCLOSURE\` | \`hints\`, \`minimal\` | \`hints\` | what is told |
| \`KEY_ARN\` | an ARN | empty | a key |

<!-- table: alarms -->
| Alarm | Do |
|---|---|
| \`doubtful\` | wait |
| \`slow\` | look at \`doubtful\` |

<!-- table: workflow-calls -->
| Function | Members |
|---|---|
| \`start\` | \`codeChallenge\` |
| \`resume\`, \`cancel\` | \`flowId\`, \`token\` |

<!-- table: workflow-errors -->
| Errors | Do |
|---|---|
| \`RateLimited\` | retry |
| \`FlowExpired\`, \`TokenSuperseded\` (of all but \`status\`) | fail |
| \`OutcomeUnknown\`, \`Lambda.Unknown\` … | ask |
| \`TokenSuperseded\` (of \`status\`) | ask again |

<!-- table: simulator-actions -->
| Action | Body | Offered in |
|---|---|---|
| \`otp.check\` | \`otp\` | \`OTP_REQUIRED\` |
| \`a.select\` | \`id?\` | \`ONE\`, \`TWO\` |
`;

const section = (name: string, status: number, means: string) => `## \`${name}\`

HTTP ${status}. And more.

- **Means:** ${means}
- **Comes:** in the end.
- **Client:** start anew.
- **Person:** nothing.

`;

/** A catalogue of the small product's problems. */
export const catalogue = `# Problems

${section("flow-expired", 410, "it is late")}${section("outcome-unknown", 503, "nobody knows")}${section("internal", 500, "ours")}`;

/** A repository of the files given. */
export function repositoryOf(files: Readonly<Record<string, string>>): Tree {
  return treeOf(Object.keys(files), (path) => files[path] ?? "");
}

/** What the check says of the small product with these files, besides a page with sound tables. */
export function faultsIn(files: Readonly<Record<string, string>>): readonly string[] {
  const { faults } = checkDocs(
    repositoryOf({
      ...{ "docs/tables.md": tables, "docs/problems.md": catalogue, ...files },
    }),
    facts,
  );
  return faults.map(({ file, line, what }) => `${file}:${line}: ${what}`);
}
