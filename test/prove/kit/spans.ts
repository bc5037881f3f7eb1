import { PASSWORD_LOCKOUT_MS } from "../../simulator/accounts.ts";
import { FLOW_IDLE_MS } from "../../simulator/flow.ts";

/**
 * So long that every lock by wrong passwords and codes is over, and every window of a limit: milliseconds.
 */
export const lockMs = PASSWORD_LOCKOUT_MS + 60_000;

/** Longer than a flow lives that nobody asks about, and so than any lock lasts: milliseconds. */
export const lifeMs = FLOW_IDLE_MS + 60_000;
