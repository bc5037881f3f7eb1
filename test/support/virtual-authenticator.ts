import type { Page } from "playwright-core";
import type { Passkey } from "../simulator/passkey.ts";

/**
 * Gives the browser an authenticator with a passkey in it: nobody has to touch it.
 *
 * https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/
 */
export async function addPasskey(page: Page, passkey: Passkey): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("WebAuthn.enable");
  const { authenticatorId } = await devTools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", hasUserVerification: true, isUserVerified: true },
      automaticPresenceSimulation: true,
    },
  });
  await devTools.send("WebAuthn.addCredential", {
    authenticatorId,
    credential: {
      credentialId: passkey.credentialId.toString("base64"),
      privateKey: passkey.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
      ...{ isResidentCredential: false, rpId: "localhost", signCount: 0 },
    },
  });
}
