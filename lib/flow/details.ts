import type { PasskeyRequest } from "./passkey.ts";

/** One of the person's devices, as shown to the client. */
export interface Device {
  readonly id: string;
  /** PingOne's device type, such as `EMAIL` or `SMS`. */
  readonly type: string;
  /** PingOne's masked address or number, or the device's nickname. */
  readonly hint?: string | undefined;
}

/** What the policy wants to know of the person, by `user.update`. */
export interface Profile {
  /** What to tell the person. */
  readonly prompt?: string | undefined;
  readonly attributes: readonly ProfileAttribute[];
}

/** An attribute of a person. */
export interface ProfileAttribute {
  /** A dotted name is one below another. */
  readonly name: string;
  readonly label?: string | undefined;
}

/** Who signs the person on in PingOne's place, as far as PingOne tells. Only a browser can go there. */
export interface Provider {
  /** What people call it. */
  readonly name?: string | undefined;
  /** PingOne's word, such as `GOOGLE`. */
  readonly type?: string | undefined;
}

/** What the person is asked to accept, as far as PingOne tells. */
export interface Agreement {
  readonly title?: string | undefined;
  /** HTML or plain text, as the type says. */
  readonly text?: string | undefined;
  readonly contentType?: string | undefined;
}
/** How long at most a row of neighbours may be that a password has in it, such as `abc`. */
interface SequenceRule {
  readonly maxLength: number;
}

/**
 * What PingOne asks of a new password (docs/pingone.md §3.8). A rule that is absent isn't enforced. The names
 * are PingOne's, and so are those of {@link PasswordRequirement}.
 */
export interface PasswordPolicy {
  readonly length?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
  /** How many characters there have to be of each set; the key is the set itself, such as `0123456789`. */
  readonly minCharacters?: Readonly<Record<string, number>> | undefined;
  readonly maxRepeatedCharacters?: number | undefined;
  readonly minUniqueCharacters?: number | undefined;
  /** Days that somebody would need to find it by trying. */
  readonly minComplexity?: number | undefined;
  readonly alphabetSequenceRule?: SequenceRule | undefined;
  readonly numberSequenceRule?: SequenceRule | undefined;
  readonly qwertySequenceRule?: SequenceRule | undefined;
  readonly shiftedNumberRowSequenceRule?: SequenceRule | undefined;
  readonly history?:
    | { readonly count?: number | undefined; readonly retentionDays?: number | undefined }
    | undefined;
  readonly notSimilarToCurrent?: boolean | undefined;
  readonly excludesProfileData?: boolean | undefined;
  readonly excludesCommonlyUsed?: boolean | undefined;
  readonly maxAgeDays?: number | undefined;
  readonly minAgeDays?: number | undefined;
  /** Wrong passwords in a row until the account is locked, and for how long. */
  readonly lockout?:
    | { readonly failureCount?: number | undefined; readonly durationSeconds?: number | undefined }
    | undefined;
}

/**
 * A rule that a new password breaks. `other` stands for one of PingOne's that this release doesn't know.
 */
export type PasswordRequirement = (typeof passwordRequirements)[number];

/** Every word for a rule that a new password can break. */
export const passwordRequirements = [
  ...(["length", "minCharacters", "maxRepeatedCharacters", "minUniqueCharacters", "minComplexity"] as const),
  ...(["alphabetSequenceRule", "numberSequenceRule", "qwertySequenceRule"] as const),
  ...(["shiftedNumberRowSequenceRule", "history", "notSimilarToCurrent", "excludesProfileData"] as const),
  ...(["excludesCommonlyUsed", "maxAgeDays", "minAgeDays", "other"] as const),
] as const satisfies readonly (keyof PasswordPolicy | "other")[];

/** The members that may be too large to be kept. */
export const largeDetails = ["publicKey", "profile", "agreement"] as const;

/** One of {@link largeDetails}. */
export type LargeDetail = (typeof largeDetails)[number];

/** What is passed on from PingOne, and neither stored nor repeated. */
export type PassingDetails = Pick<FlowDetails, LargeDetail>;

/** What an answer of PingOne tells the client beside the status; each only where PingOne sent it. */
export interface FlowDetails {
  readonly otpLength?: number | undefined;
  readonly selectedDevice?: string | undefined;
  readonly devices?: readonly Device[] | undefined;
  /** The masked address that a code for verification went to. */
  readonly email?: string | undefined;
  readonly identityProvider?: Provider | undefined;
  readonly passwordPolicy?: PasswordPolicy | undefined;
  /** Where choosing the device again sends nothing: the code stands on it. */
  readonly resend?: false | undefined;
  /** What a passkey has to sign. */
  readonly publicKey?: PasskeyRequest | undefined;
  /** What the policy wants to know of the person. */
  readonly profile?: Profile | undefined;
  /** What the person is asked to accept. */
  readonly agreement?: Agreement | undefined;
  /** Members that are too large to be kept: a read of the flow has them from PingOne. */
  readonly more?: readonly LargeDetail[] | undefined;
}

/** Details in the one order that a reply has them in: a map of the table's has none. */
export function inOrder({ passwordPolicy, ...details }: FlowDetails): FlowDetails {
  const sets = passwordPolicy?.minCharacters;
  if (passwordPolicy === undefined) return details;
  if (sets === undefined) return { ...details, passwordPolicy };
  const minCharacters = Object.fromEntries(Object.entries(sets).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...details, passwordPolicy: { ...passwordPolicy, minCharacters } };
}
