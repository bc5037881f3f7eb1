import { createHash, generateKeyPairSync } from "node:crypto";
import * as z from "zod";
import { FlowClient } from "./flow-client.ts";

const Jwk = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("X25519"), x: z.string(), d: z.string() });

/** A client that is to hold a flow which a workflow starts, and what it gives away for that. */
export interface HoldingClient {
  readonly client: FlowClient;
  /** The flow token that it drew; its first answer brings another. */
  readonly drawn: string;
  /** No part of it opens the flow. */
  readonly given: {
    readonly codeChallenge: string;
    readonly flowTokenHash: string;
    readonly flowTokenPublicKey: string;
  };
}

/** Draws the X25519 key pair (RFC 8037) whose private part is the client's flow token. */
export function createHoldingClient(api: string): HoldingClient {
  const { privateKey } = generateKeyPairSync("x25519");
  const { x, d } = Jwk.parse(privateKey.export({ format: "jwk" }));
  const client = new FlowClient(api);
  client.token = d;
  return {
    client,
    drawn: d,
    given: {
      codeChallenge: client.pkce.challenge,
      flowTokenHash: createHash("sha256").update(Buffer.from(d, "base64url")).digest("base64url"),
      flowTokenPublicKey: x,
    },
  };
}
