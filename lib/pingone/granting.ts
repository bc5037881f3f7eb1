import type { Application } from "../flow/application.ts";
import { hasClientSecret } from "../flow/application.ts";
import type { ClientSecrets } from "../flow/client-secrets.ts";
import type { Jar } from "../flow/jar.ts";
import type { DeviceContext, RefreshCommand, UpstreamReply } from "../flow/provider.ts";
import { codeGrant, fits, type GrantForm, grantRequest, readGrantAnswer, refreshGrant } from "./grants.ts";
import type { UpstreamRequest } from "./requests.ts";
import type { Call } from "./responses.ts";
import type { PingOneSettings } from "./settings.ts";

/** How the token endpoint is asked. */
export interface Granter {
  readonly settings: PingOneSettings;
  readonly secrets: ClientSecrets;
  /** Sends a request once and reads the answer, within so many milliseconds. */
  readonly call: (
    request: UpstreamRequest,
    kind: Call,
    jar: Jar,
    timeoutMs: number,
  ) => Promise<UpstreamReply>;
}

/** Who asks for a grant. */
interface Asking {
  readonly application: Application;
  readonly jar: Jar;
  readonly device: DeviceContext;
}

const noFlow = { upstreamFlowId: "", cookies: [], state: "", nonce: "" } as const;

/** Redeems the code in a flow's jar, by the verifier of the challenge that the flow was started with. */
export async function redeem(verifier: string, asking: Asking, granter: Granter): Promise<UpstreamReply> {
  const { application, jar } = asking;
  if (!fits(verifier, jar)) return { answer: { kind: "rejected" }, jar };
  return grant(codeGrant(jar, application, verifier), asking, granter);
}

/** Uses a refresh token, which belongs to no flow. */
export async function refresh(
  { application, applicationName, refreshToken }: RefreshCommand,
  device: DeviceContext,
  granter: Granter,
): Promise<Omit<UpstreamReply, "jar">> {
  const jar = { ...noFlow, application: applicationName };
  const { jar: _, ...told } = await grant(refreshGrant(refreshToken), { application, jar, device }, granter);
  return told;
}

/** Asks the token endpoint, within the time of one call; the secret is read within it. */
async function grant(
  form: GrantForm,
  { application, jar, device }: Asking,
  { settings, secrets, call }: Granter,
): Promise<UpstreamReply> {
  const startedAt = performance.now();
  const secret = hasClientSecret(application) ? await secrets.of(jar.application) : "";
  if (secret === undefined) return { answer: { kind: "unsent" }, jar };
  const request = grantRequest(form, application, secret, { settings, device });
  const left = Math.max(1, settings.timeoutMs - (performance.now() - startedAt));
  const reply = await call(request, { kind: "grant", read: readGrantAnswer }, jar, left);
  // It may have been changed at PingOne and here: the next call reads it anew.
  if (reply.answer.kind === "refused") secrets.forget(jar.application);
  return reply;
}
