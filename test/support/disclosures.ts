import { createProduct, type Product } from "./product.ts";

/** How much answers may tell of the person named. */
export const disclosures = ["hints", "minimal"] as const;

/** A product for each disclosure. */
export type Products = Readonly<Record<(typeof disclosures)[number], Product>>;

/** Starts a product for each disclosure. Whoever starts them closes each. */
export async function createProducts(): Promise<Products> {
  const [hints, minimal] = await Promise.all([
    createProduct({ DISCLOSURE: "hints" }),
    createProduct({ DISCLOSURE: "minimal" }),
  ]);
  return { hints, minimal };
}
