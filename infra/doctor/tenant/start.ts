import { createHash, randomBytes } from "node:crypto";
import { hasClientSecret } from "../../../lib/flow/application.ts";
import { isDaVinci } from "../../../lib/pingone/da-vinci.ts";
import { type Detail, parseError, reasonsOf } from "../../../lib/pingone/error-body.ts";
import { readFlow } from "../../../lib/pingone/flow-body.ts";
import { grantRequest } from "../../../lib/pingone/grants.ts";
import { authorizeRequest } from "../../../lib/pingone/requests.ts";
import type { Environment } from "../../environment.ts";
import type { Ask, Asked, Request } from "../asking.ts";

/** An application of an environment, by its name. */
export type Application = Environment["applications"][string] & { readonly name: string };

/** What a start is changed by, to see what PingOne makes of it. */
export type Change = (form: URLSearchParams) => void;

/** What PingOne made of a start that names nobody. */
export type Started =
  | { readonly kind: "flow"; readonly status: string; readonly actions: readonly string[] }
  | { readonly kind: "davinci" }
  | { readonly kind: "redirected" }
  | { readonly kind: "refused"; readonly reasons: readonly Detail[]; readonly error: string | undefined }
  | { readonly kind: "trouble"; readonly status: number }
  | { readonly kind: "silent"; readonly why: string }
  | { readonly kind: "strange"; readonly status: number };

/** A start of an application: it leaves a flow behind that ends by itself. */
export type Start = (policy: string | undefined, change?: Change) => Promise<Started>;

const nobody = {} as const;

/** Starts an application's flows as the product does. */
export function startsOf({ pingOne }: Environment, application: Application, ask: Ask): Start {
  return async (policy, change = () => undefined) => {
    const { url, method, headers, body } = authorizeRequest(
      {
        ...{ application, applicationName: application.name, policy, codeChallenge: challengeOf(secret()) },
        ...{ nonce: undefined, loginHint: undefined },
      },
      { state: secret(), nonce: secret() },
      { settings: pingOne, device: nobody, now: 0 },
    );
    const form = new URLSearchParams(body);
    change(form);
    return read(await ask({ url, method, headers, body: form.toString() }));
  };
}

/** How PingOne answers a code that nobody ever got, told without a secret. Nothing is spent by it. */
export async function askForTokens(
  { pingOne }: Environment,
  application: Application,
  ask: Ask,
): Promise<string | undefined> {
  const grant = {
    grant_type: "authorization_code",
    code: secret(),
    redirect_uri: application.redirectUri,
    code_verifier: secret(),
  };
  const proof = { ...application, clientAuthentication: "none" } as const;
  const request: Request = grantRequest(grant, proof, "", { settings: pingOne, device: nobody });
  const asked = await ask(request);
  return asked.kind === "answered" ? parseError(asked.json).error : undefined;
}

/** Whether the settings say that the application has a secret; nothing where its clients redeem codes. */
export function saysSecret(application: Application): boolean | undefined {
  return application.clientAuthentication === undefined ? undefined : hasClientSecret(application);
}

function read(asked: Asked): Started {
  if (asked.kind === "silent") return asked;
  const { status, headers, json } = asked;
  if (status === 429 || status >= 500) return { kind: "trouble", status };
  if (isDaVinci(json)) return { kind: "davinci" };
  if (status >= 300 && status < 400 && headers.has("location")) return { kind: "redirected" };
  const found = status === 200 ? readFlow(json, 0) : undefined;
  if (found !== undefined) return { kind: "flow", status: found.flow.status, actions: found.flow.actions };
  if (status < 400) return { kind: "strange", status };
  const told = parseError(json);
  return { kind: "refused", reasons: reasonsOf(told), error: told.error };
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}
