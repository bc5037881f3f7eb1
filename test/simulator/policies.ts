/** A sign-on policy: which status a flow starts in, and what it asks for. */
export interface Policy {
  readonly start: "USERNAME_PASSWORD_REQUIRED" | "SIGN_ON_REQUIRED";
  readonly password: boolean;
  readonly mfa: boolean;
}

/**
 * Sign-on policies by the name `acr_values` carries.
 *
 * | Name | Steps |
 * |---|---|
 * | `Single_Factor` | password |
 * | `Multi_Factor` | password, then a device |
 * | `Passwordless` | `user.lookup`, then a device; an unknown name is refused |
 * | `Identifier_First` | `user.lookup`, then password; an unknown name goes on to the password all the same |
 */
const policies: Readonly<Record<string, Policy>> = {
  Single_Factor: { start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: false },
  Multi_Factor: { start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: true },
  Passwordless: { start: "SIGN_ON_REQUIRED", password: false, mfa: true },
  Identifier_First: { start: "SIGN_ON_REQUIRED", password: true, mfa: false },
};

/** The policy that runs when authorize names none. */
export const DEFAULT_POLICY = "Single_Factor";

/** The policy of that name, if there is one. */
export function findPolicy(name: string): Policy | undefined {
  return Object.hasOwn(policies, name) ? policies[name] : undefined;
}
