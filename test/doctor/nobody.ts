import type { Terminal } from "../../infra/doctor/api/hands.ts";

const refuse = () => Promise.reject(new Error("Nobody is to be asked."));

/** A terminal at which nobody is to be asked. */
export const nobody: Terminal = { ask: refuse, askHidden: refuse };
