import type { Accounts } from "./accounts.ts";
import type { Applications } from "./applications.ts";
import type { Calls } from "./calls.ts";
import type { Clock } from "./clock.ts";
import type { Codes } from "./codes.ts";
import type { FaultQueue } from "./faults.ts";
import type { Flows } from "./flow.ts";
import type { createInbox } from "./inbox.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import type { Sessions } from "./sessions.ts";
import type { Switches } from "./switches.ts";
import type { Signer } from "./tokens.ts";

/** One running environment: all that a handler may touch. */
export interface World {
  readonly clock: Clock;
  readonly environmentId: string;
  /** `http://127.0.0.1:{port}`. */
  readonly origin: string;
  /** `{origin}/{environmentId}`. */
  readonly baseUrl: string;
  /** What else it is called by whoever reaches it another way. */
  readonly otherBaseUrls: Set<string>;
  readonly switches: Switches;
  readonly applications: Applications;
  readonly accounts: Accounts;
  readonly flows: Flows;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly refreshTokens: RefreshTokens;
  readonly signer: Signer;
  readonly inbox: ReturnType<typeof createInbox>;
  readonly faults: FaultQueue;
  readonly calls: Calls;
  /** Fires when the stand-in closes, so that no slow answer outlives it. */
  readonly closing: AbortSignal;
}
