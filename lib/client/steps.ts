/** What each step takes: the body of `POST /flows/{flowId}/{step}`. */
export interface StepBodies {
  readonly lookup: { readonly username: string };
  readonly password: { readonly username: string; readonly password: string };
  readonly otp: { readonly otp: string };
  readonly device: { readonly deviceId: string };
  readonly assertion: { readonly assertion: PasskeyAssertion };
  readonly "push-cancel": Nothing;
  readonly "password-change": { readonly currentPassword: string; readonly newPassword: string };
  readonly "password-forgot": { readonly username: string };
  readonly "recovery-code": Nothing;
  readonly "password-recover": { readonly recoveryCode: string; readonly newPassword: string };
  readonly register: { readonly username: string; readonly email: string; readonly password: string };
  readonly verify: { readonly verificationCode: string };
  readonly "verification-code": Nothing;
  readonly profile: { readonly attributes: Readonly<Record<string, string>> };
  readonly consent: { readonly accept: boolean };
  readonly reset: Nothing;
  readonly resume: Nothing;
  readonly token: { readonly codeVerifier: string };
}

type Nothing = Readonly<Record<never, never>>;

/** The name of a step that this client can take. */
export type StepName = keyof StepBodies;

/** The name of a step's method: `password-change` is `passwordChange`. */
type MethodName<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<MethodName<Rest>>}`
  : Name;

/** What a step's method takes: the body, where the step has one. */
export type StepArguments<Name extends StepName> = Nothing extends StepBodies[Name]
  ? readonly []
  : readonly [body: StepBodies[Name]];

/** One method a step. */
export type StepMethods<Result> = {
  readonly [Name in StepName as MethodName<Name>]: (...body: StepArguments<Name>) => Promise<Result>;
};

/** The methods of all steps, each of them made by `method`. */
export function stepMethods<Result>(
  method: <Name extends StepName>(name: Name) => (...body: StepArguments<Name>) => Promise<Result>,
): StepMethods<Result> {
  return {
    lookup: method("lookup"),
    password: method("password"),
    otp: method("otp"),
    device: method("device"),
    assertion: method("assertion"),
    pushCancel: method("push-cancel"),
    passwordChange: method("password-change"),
    passwordForgot: method("password-forgot"),
    recoveryCode: method("recovery-code"),
    passwordRecover: method("password-recover"),
    register: method("register"),
    verify: method("verify"),
    verificationCode: method("verification-code"),
    profile: method("profile"),
    consent: method("consent"),
    reset: method("reset"),
    resume: method("resume"),
    token: method("token"),
  };
}

const known = new Set<string>();
stepMethods((name) => {
  known.add(name);
  return () => Promise.resolve();
});

/** Every step that this client can take. */
export const stepNames: readonly string[] = [...known];

/** Whether a step that the server offers is one that this client can take. */
export function isStep(name: string): name is StepName {
  return known.has(name);
}

/** What a passkey signed, as `PublicKeyCredential.toJSON()` gives it: bytes are base64url. */
export interface PasskeyAssertion {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string | null;
  };
}
