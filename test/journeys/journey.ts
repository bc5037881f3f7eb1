import type { ApiReply } from "../support/flow-client.ts";
import type { Product } from "../support/product.ts";

/** What a journey needs of the product, whichever way it runs. */
export type World = Pick<Product, "api" | "client" | "code" | "redeem" | "simulator">;

/** A reply, or the claims that a sign-on ended with. */
export type Seen =
  | { readonly reply: ApiReply }
  | { readonly claims: { readonly name: unknown; readonly amr: unknown } };

/** A way through the public API, the same in every world. It waits for nothing and tells no clock. */
export interface Journey {
  readonly name: string;
  /**
   * What is seen, in a few words each: HTTP status, then the status of the flow or the name of the problem.
   */
  readonly seen: readonly string[];
  run(world: World): AsyncGenerator<Seen>;
}
