import type { IdTokenReading } from "../../../lib/flow/provider.ts";
import { userId } from "./upstream.ts";

/** An ID token that is the one person's. */
export const verified: IdTokenReading = { kind: "verified", subject: userId };
