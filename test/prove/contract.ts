import { documentPath, readDocument } from "../contract/document/file.ts";
import { takeMismatches } from "../contract/replies/record.ts";
import { walk } from "../contract/requests/walk.ts";
import { cookieDelivery } from "../support/browser-client.ts";
import { createProduct } from "../support/product.ts";
import type { Proof } from "./kit/proof.ts";

/**
 * Requests that are drawn from the OpenAPI document: none that it allows is refused as invalid, each that it
 * doesn't allow is, by name, and every reply is one that it describes.
 */
export const contract: Proof = {
  name: "contract",
  async run({ random, rounds }) {
    const product = await createProduct(cookieDelivery);
    try {
      const { requests, statuses, mismatches } = await walk({
        api: product.api,
        document: readDocument(documentPath),
        requests: rounds(10_000),
        seed: random.below(2 ** 31),
        begin: async () => {
          const client = product.client();
          await client.start();
          return client;
        },
        takeMismatches,
      });
      const figure = [...statuses].toSorted().map(([kind, count]) => `${count} ${kind}`);
      return { rounds: requests, figure: figure.join(", "), misses: mismatches };
    } finally {
      await product.close();
    }
  },
};
