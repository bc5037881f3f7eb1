import { isStep, type StepName } from "../../../lib/client/steps.ts";

/** One thing to type. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "email" | "password" | "text";
  /** What browsers and password managers go by. */
  readonly autocomplete: string;
  readonly isCode?: true;
  /** Whether it may be left empty. */
  readonly isOptional?: true;
}

/** What a step asks for: with fields a form, without a button. */
export interface StepForm {
  readonly title: string;
  readonly button: string;
  readonly fields: readonly Field[];
}

const username: Field = { name: "username", label: "User name", type: "text", autocomplete: "username" };
const email: Field = { name: "email", label: "E-mail address", type: "email", autocomplete: "email" };
const newPassword: Field = {
  name: "newPassword",
  label: "New password",
  type: "password",
  autocomplete: "new-password",
};

function password(name: string, label: string, autocomplete = "current-password"): Field {
  return { name, label, type: "password", autocomplete };
}

function code(name: string, label: string): Field {
  return { name, label, type: "text", autocomplete: "one-time-code", isCode: true };
}

/** The steps that a person takes by hand, those first that lead on. */
export const forms: Partial<Record<StepName, StepForm>> = {
  password: {
    title: "Sign on",
    button: "Sign on",
    fields: [username, password("password", "Password")],
  },
  lookup: { title: "Who are you?", button: "Next", fields: [username] },
  otp: { title: "Enter your code", button: "Check the code", fields: [code("otp", "One-time code")] },
  "password-change": {
    title: "Choose a new password",
    button: "Change the password",
    fields: [password("currentPassword", "Current password"), newPassword],
  },
  "password-recover": {
    title: "Recover your password",
    button: "Set the password",
    fields: [code("recoveryCode", "Recovery code"), newPassword],
  },
  verify: {
    title: "Verify your address",
    button: "Verify",
    fields: [code("verificationCode", "Verification code")],
  },
  register: {
    title: "Register",
    button: "Register",
    fields: [username, email, password("password", "Password", "new-password")],
  },
  "password-forgot": { title: "Forgot your password?", button: "Send me a code", fields: [username] },
  "recovery-code": { title: "", button: "Send the recovery code again", fields: [] },
  "verification-code": { title: "", button: "Send the verification code again", fields: [] },
  "push-cancel": { title: "", button: "Don't wait for the phone", fields: [] },
  reset: { title: "", button: "This is not me", fields: [] },
};

/** The steps that have a form, in that order. */
export const handSteps: readonly StepName[] = Object.keys(forms)
  .filter(isStep)
  .filter((step) => forms[step]?.fields.length !== 0);
