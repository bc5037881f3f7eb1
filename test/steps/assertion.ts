import fc from "fast-check";
import type { PasskeyAssertion } from "../../lib/flow/passkey.ts";
import { assertionBy, passkeyNamed } from "../simulator/passkey.ts";
import { people } from "../simulator/people.ts";
import { passkeyOrigin } from "../support/stand-in.ts";
import { defineSample } from "../support/step-sample.ts";

const page = { origin: passkeyOrigin } as const;
const [{ passkey }] = people.passkey.devices;
const example = assertionBy(passkey, { ...page, challenge: "A".repeat(43) });

export const sample = defineSample("assertion", {
  ages: true,
  rank: 45,
  before: {
    completes: { policy: "Passwordless", who: people.passkey, way: ["lookup"] },
  },
  body: { assertion: example },
  wellFormed: () => ({
    assertion: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/).map((signature) => ({
      ...example,
      response: { ...example.response, signature },
    })),
  }),
  answer: ({ who, code = "none" }) => {
    const own = who.devices.find((device) => device.passkey !== undefined)?.passkey ?? passkey;
    return { assertion: assertionBy(own, { ...page, challenge: code }) };
  },
  wrong: ({ assertion }, drawn) => ({ assertion: signedBy(`stranger ${drawn}`, assertion) }),
});

/** The same, and somebody else has signed it. */
function signedBy(name: string, assertion: PasskeyAssertion): PasskeyAssertion {
  const { clientDataJSON } = assertion.response;
  const { challenge } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8"));
  const { signature } = assertionBy(passkeyNamed(name), { ...page, challenge }).response;
  return { ...assertion, response: { ...assertion.response, signature } };
}
