import type { Environment } from "../../environment.ts";
import type { Finding } from "../finding.ts";
import type { Clients } from "./clients.ts";

/** What every check of an account is given. */
export interface Checked {
  readonly environment: Environment;
  readonly clients: Clients;
  /** The account that the caller's credentials belong to. */
  readonly account: string;
}

/** Asks the account about one thing that could make a deployment fail. */
export interface Check {
  /** What it is about, for the case that it can't be asked. */
  readonly about: string;
  readonly run: (checked: Checked) => Promise<readonly Finding[]>;
}

/** AWS's name for an error; empty for anything else. */
export function errorNameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** What a call gives, or nothing where AWS says by this name that it isn't there. */
export async function unlessMissing<Output>(
  call: Promise<Output>,
  name: string,
): Promise<Output | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errorNameOf(error) === name) return undefined;
    throw error;
  }
}
