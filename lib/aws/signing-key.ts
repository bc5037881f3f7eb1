import { KMSClient, KMSServiceException, SignCommand } from "@aws-sdk/client-kms";
import type { Budgets } from "../flow/budgets.ts";
import type { SigningKey } from "../flow/signing-key.ts";
import { kidOf } from "../signing-key-names.ts";
import { clientSettings } from "./client-settings.ts";
import { isOutage } from "./outage.ts";

/** Which key signs. */
export interface SigningKeySettings {
  /** The ARN of a KMS key of the kind `RSA_2048` that signs and verifies. */
  readonly keyArn: string;
  readonly budgets: Budgets;
}

/**
 * A key of KMS. It has half the time of a request to the table. Whatever KMS answers instead of a signature
 * counts as one that can't be had just now: a key may be switched off, and a right may be on its way.
 *
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export function createSigningKey({ keyArn, budgets }: SigningKeySettings): SigningKey {
  const kms = new KMSClient(clientSettings("kms", budgets));
  return {
    kid: kidOf(keyArn),
    sign: async (text) => {
      const command = new SignCommand({
        KeyId: keyArn,
        Message: Buffer.from(text, "utf8"),
        MessageType: "RAW",
        SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256",
      });
      const abortSignal = AbortSignal.timeout(budgets.storeMs / 2);
      return kms.send(command, { abortSignal }).then(
        ({ Signature }) => Signature,
        (error: unknown) => {
          if (isOutage(error) || error instanceof KMSServiceException) return undefined;
          throw error;
        },
      );
    },
  };
}
