import {
  DecryptCommand,
  EncryptCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  KMSClient,
} from "@aws-sdk/client-kms";
import { clientSettings } from "../aws/client-settings.ts";
import type { Budgets } from "../flow/budgets.ts";

/** What a sealed value is for: it opens for nothing else. */
type Purpose = "flow-token" | "task-token";

/** What seals for one environment. */
export interface SealingSettings {
  readonly environment: string;
  /** The ARN of the workflow key. */
  readonly keyArn: string;
  readonly budgets: Budgets;
}

/** Seals under the workflow key, for one purpose and one flow. Its methods throw what the AWS client does. */
export interface Sealing {
  /** KMS's ciphertext; at most 4,096 bytes can be sealed. */
  seal(purpose: Purpose, flowId: string, bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * Nothing for bytes that were not sealed for this purpose, flow and environment.
   *
   * @param abortSignal in the place of the time that the table's requests have
   */
  open(
    purpose: Purpose,
    flowId: string,
    sealed: Uint8Array,
    abortSignal?: AbortSignal,
  ): Promise<Uint8Array | undefined>;
}

/**
 * Sealing by KMS, the encryption context being purpose, environment and flow: the key's policy can tell them
 * apart, and a value moved elsewhere doesn't open.
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export function createSealing({ environment, keyArn, budgets }: SealingSettings): Sealing {
  const kms = new KMSClient(clientSettings("kms", budgets));
  const within = (abortSignal = AbortSignal.timeout(budgets.storeMs)) => ({ abortSignal });
  const forThis = (purpose: Purpose, flowId: string) => ({
    KeyId: keyArn,
    EncryptionContext: { purpose, environment, flowId },
  });
  return {
    seal: async (purpose, flowId, bytes) => {
      const command = new EncryptCommand({ ...forThis(purpose, flowId), Plaintext: bytes });
      const { CiphertextBlob } = await kms.send(command, within());
      if (CiphertextBlob === undefined) throw new Error("KMS gave no ciphertext.");
      return CiphertextBlob;
    },
    open: async (purpose, flowId, sealed, abortSignal) => {
      const command = new DecryptCommand({ ...forThis(purpose, flowId), CiphertextBlob: sealed });
      try {
        return (await kms.send(command, within(abortSignal))).Plaintext;
      } catch (error) {
        if (isForeign(error)) return undefined;
        throw error;
      }
    },
  };
}

function isForeign(error: unknown): boolean {
  return error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException;
}
