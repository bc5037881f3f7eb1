/** Somebody who can be tried in the sandbox. */
export interface Someone {
  readonly policy: string;
  readonly username: string;
  readonly password: string;
  readonly story: string;
}

/** What the sandbox says about itself. */
export interface SandboxFacts {
  readonly issuer: string;
  readonly clientId: string;
  /** The simulator's own routes, for the phone and the faults. */
  readonly simulator: string;
  readonly people: readonly Someone[];
}
