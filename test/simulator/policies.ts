/** A sign-on policy: which status a flow starts in, and what it asks for. */
export interface Policy {
  readonly start: "USERNAME_PASSWORD_REQUIRED" | "SIGN_ON_REQUIRED";
  readonly password: boolean;
  readonly mfa: boolean;
  /** What the person is asked for at the end. */
  readonly asks?: "agreement" | "profile";
  /** Whether people may replace a forgotten password, and register. */
  readonly selfService?: boolean;
}

/** The policies there are; the first is the usual one. */
export const policyNames = [
  ...(["Single_Factor", "Multi_Factor", "Passwordless", "Identifier_First"] as const),
  ...(["Self_Service", "Self_Service_Multi_Factor"] as const),
  ...(["Progressive_Profiling", "Agreement"] as const),
] as const;

/** The name of a policy. */
export type PolicyName = (typeof policyNames)[number];

/**
 * Sign-on policies by the name `acr_values` carries.
 *
 * | Name | Steps |
 * |---|---|
 * | `Single_Factor` | password |
 * | `Multi_Factor` | password, then a device |
 * | `Passwordless` | `user.lookup`, then a device; an unknown name is refused |
 * | `Progressive_Profiling` | password, then attributes by `user.update` |
 * | `Agreement` | password, then `user.consent` |
 * | `Identifier_First` | `user.lookup`, then password; an unknown name goes on to the password all the same |
 * | `Self_Service` | password; recovery and registration are on |
 * | `Self_Service_Multi_Factor` | the same, then a device |
 */
export const policies: Readonly<Record<PolicyName, Policy>> = {
  Single_Factor: { start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: false },
  Multi_Factor: { start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: true },
  Passwordless: { start: "SIGN_ON_REQUIRED", password: false, mfa: true },
  Identifier_First: { start: "SIGN_ON_REQUIRED", password: true, mfa: false },
  Progressive_Profiling: { start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: false, asks: "profile" },
  Agreement: { start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: false, asks: "agreement" },
  Self_Service: { start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: false, selfService: true },
  Self_Service_Multi_Factor: {
    ...{ start: "USERNAME_PASSWORD_REQUIRED", password: true, mfa: true, selfService: true },
  },
};
