import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { RestApi } from "aws-cdk-lib/aws-apigateway";
import * as z from "zod";
import { addGatewayProblems } from "../../infra/api/gateway-problems.ts";
import { firewallAnswers, firewallRules } from "../../infra/api/web-acl-rules.ts";
import { type FlowProblem, type ProblemName, problems } from "../../lib/flow/problems.ts";
import { render, renderInternal } from "../../lib/http/reply.ts";

/** A problem as it leaves us. */
export interface Told {
  readonly name: string;
  readonly status: number;
  readonly body: string;
}

const flow = {
  flowId: "5f0c1b7e-5d1c-4a52-9f0e-7a3f5f7c9d10",
  status: "OTP_REQUIRED",
  next: ["otp", "device"],
  expiresAt: "2026-01-15T09:45:00.000Z",
} as const;

const context = { requestId: "request-0001", success: 200, flowId: flow.flowId, delivery: "body" } as const;

/** What a problem needs to tell. */
const samples: Partial<Record<ProblemName, FlowProblem>> = {
  "request-invalid": { error: "request-invalid", fields: [{ name: "otp", reason: "malformed" }] },
  "password-refused": { error: "password-refused", unsatisfied: ["length", "history"] },
  "wrong-step": { error: "wrong-step", next: ["otp"] },
  "step-in-progress": { error: "step-in-progress", retryAfter: 1 },
  "rate-limited": { error: "rate-limited", retryAfter: 1 },
};

/** Every problem that the functions answer by. */
export function functionsProblems(): Told[] {
  const known = names().map((error) => {
    const problem = samples[error] ?? withNothing(error);
    const moved = problems[error].attemptCounted === true;
    const reply = { kind: "problem", problem, ...(moved ? { flow } : {}) } as const;
    const answer = moved ? { reply, flowToken: "A".repeat(43) } : { reply };
    const { statusCode, body } = render(answer, context, Date.parse("2026-01-15T09:30:00.500Z"));
    return { name: error, status: statusCode, body };
  });
  const { statusCode, body } = renderInternal(context);
  return [...known, { name: "internal", status: statusCode, body }];
}

const GatewayResponse = z.object({
  ResponseType: z.string(),
  StatusCode: z.coerce.number(),
  ResponseTemplates: z.object({ "application/json": z.string() }),
});

/** Every problem that the gateway answers by itself. */
export function gatewaysProblems(): Told[] {
  const stack = new Stack(new App(), "Stack");
  const api = new RestApi(stack, "Api");
  api.root.addMethod("GET");
  addGatewayProblems(api, { allowedOrigins: [], cookieDelivery: false });
  const found = Template.fromStack(stack).findResources("AWS::ApiGateway::GatewayResponse");
  return Object.values(found).map(({ Properties }) => {
    const { ResponseType, StatusCode, ResponseTemplates } = GatewayResponse.parse(Properties);
    return { name: ResponseType, status: StatusCode, body: ResponseTemplates["application/json"] };
  });
}

/** Every problem that the firewall answers by; where it says nothing of its own, the gateway does. */
export function firewallsProblems(): Told[] {
  const firewall = {
    requestsPerAddress: 100,
    credentialsPerAddress: 100,
    accountTakeoverPrevention: true,
  };
  const rules = firewallRules({ firewall, allowedOrigins: [], cookieDelivery: false });
  const answers = JSON.stringify(rules).matchAll(/"responseCode":(\d+)/g);
  const { content } = firewallAnswers["rate-limited"];
  return [...answers].map(([, code], at) => ({ name: `rule ${at}`, status: Number(code), body: content }));
}

function names(): ProblemName[] {
  return Object.keys(problems).filter((name): name is ProblemName => name in problems);
}

function withNothing(error: ProblemName): FlowProblem {
  switch (error) {
    case "password-refused":
    case "request-invalid":
    case "wrong-step":
    case "step-in-progress":
    case "rate-limited":
      throw new Error(`${error} has something to tell.`);
    default:
      return { error };
  }
}
