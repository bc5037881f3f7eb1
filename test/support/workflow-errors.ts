/** Errors after which it is known what a call did: it is over. */
export const endingErrors = [
  ...[
    "RequestInvalid",
    "CredentialsRejected",
    "OtpRejected",
    "PasswordRefused",
    "NameTaken",
    "LockedOut",
    "FlowNotFound",
  ],
  ...["TokenSuperseded", "FlowExpired", "FlowFailed", "WrongStep", "AttemptsExhausted", "UnsupportedStep"],
  ...["RestartRequired", "SecretInPayload", "WorkflowsDisabled", "Internal"],
] as const;

/** Errors after which the same call may be made again: nothing was spent. */
export const retryableErrors = ["RateLimited", "UpstreamUnavailable"] as const;

/** Errors after which it is open what a call did. */
export const openErrors = ["OutcomeUnknown", "StepInProgress"] as const;
