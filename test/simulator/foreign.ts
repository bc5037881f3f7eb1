import { createRemoteJWKSet, jwtVerify } from "jose";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { startSimulator } from "./simulator.ts";
import type { Switches } from "./switches.ts";
import { lenientSwitches } from "./switches.ts";

/** Whatever a client of somebody else's reads out of an answer. */
export const bodySchema = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  resumeUrl: z.string().optional(),
  _links: z.record(z.string(), z.object({ href: z.string() })).optional(),
  _embedded: z
    .looseObject({ devices: z.array(z.looseObject({ id: z.string(), type: z.string() })).optional() })
    .optional(),
  authorizeResponse: z.object({ code: z.string(), state: z.string().optional() }).optional(),
  access_token: z.string().optional(),
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
});

/** A body that a foreign client has read. */
export type Body = z.infer<typeof bodySchema>;

/** The environment that these clients have in their configuration, which they needn't change either. */
const theirEnvironment = "b3d41f5e-0d0c-4c55-9a53-6e3f1f0e7a11";

/** The stand-in as somebody else finds it: running, by the real clock, driven from outside by HTTP alone. */
export async function foreignWorld(switches: Readonly<Switches> = lenientSwitches) {
  const simulator = await startSimulator({ switches, environmentId: theirEnvironment });
  onTestFinished(() => simulator.close());
  const { origin, baseUrl } = simulator;
  return {
    baseUrl,
    actions: () => simulator.calls.map(({ action }) => action),
    /** What whoever owns the client does once. */
    register: async (registration: object) => {
      const init = { method: "POST", body: JSON.stringify(registration) };
      const { status } = await fetch(`${origin}/_simulator/applications`, init);
      if (status !== 201) throw new Error(`The application was not registered: ${status}.`);
    },
    /** What a person finds in their mail or on their phone. */
    codeFor: async (username: string) => {
      const response = await fetch(`${origin}/_simulator/inbox?username=${username}`);
      const messages = z.array(z.looseObject({ code: z.string() })).parse(await response.json());
      return messages.at(-1)?.code ?? "";
    },
  };
}

/** The claims of an ID token of ours for that client; throws if it is anything else. */
export async function verified(baseUrl: string, clientId: string, idToken: string | undefined) {
  const keys = createRemoteJWKSet(new URL(`${baseUrl}/as/jwks`));
  const expected = { issuer: `${baseUrl}/as`, audience: clientId, requiredClaims: ["exp", "sub"] };
  return (await jwtVerify(idToken ?? "", keys, expected)).payload;
}
