import { secretMembers, stepNames } from "../flow/steps.ts";

/** Secrets by themselves, however few of a longer name's letters they are. */
const byMeaning: readonly string[] = [
  ...stepNames.flatMap(secretMembers).map(plain),
  ...[
    "accesskey",
    "accountkey",
    "apikey",
    "authorization",
    "bearer",
    "clientassertion",
    "cookie",
    "credential",
  ],
  ...[
    "encryptionkey",
    "jwt",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "privatekey",
    "pwd",
    "samlresponse",
  ],
  ...["secret", "sessionid", "sharedkey", "signingkey", "token", "verifier"],
];

/** Secrets where they are a word of the name or end it: in `spinning` or `decoder` they mean nothing. */
const asWord: readonly string[] = ["auth", "code", "pass", "pin"];

/**
 * Secrets where the name has nothing else: a JWK's private parts (RFC 7518 §6.3.2, §6.4.1, RFC 8037 §2), and
 * PingOne's session cookies.
 */
const alone: readonly string[] = [
  ...["d", "dp", "dq", "k", "oth", "p", "q", "qi"],
  ...["session", "sid", "st", "stnoss"],
];

/**
 * What a payload has to carry: sealed, a reference, or nothing that opens anything. In this spelling alone.
 */
const carried: readonly string[] = [
  ...["credentialSecret", "flowTokenHash", "flowTokenPublicKey", "sealedFlowToken", "taskToken"],
];

/** Accents, and what nobody sees. */
const unseen = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu;

/** Public, though a word in it is a secret's: PKCE's challenge (RFC 7636 §4.3), and how a token travels. */
const open = /code[^\p{L}]*challenge|token[^\p{L}]*delivery/giu;

/**
 * The word that tells a name for a secret's, as we spell it; nothing for a name of none. A secret may
 * come by reference only, so no member of a payload may be named like one. What a name means doesn't
 * hang on case, width, plural or what stands between its words: `newPassword`, `Set-Cookie`,
 * `flow_tokens` and `smsCode` are secrets.
 */
export function secretNameOf(name: string): string | undefined {
  if (carried.includes(name)) return undefined;
  const told = name.normalize("NFKD").replaceAll(unseen, "").replaceAll(open, " ");
  const letters = plain(told);
  const words = wordsOf(told);
  return (
    byMeaning.find((secret) => letters.includes(secret)) ??
    asWord.find((secret) => words.includes(secret) || endsIn(letters, secret)) ??
    alone.find((secret) => letters === secret)
  );
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}]/gu, "");
}

/** The words of a name, each also without an `s` or `es` at its end. */
function wordsOf(name: string): string[] {
  const words = name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+/gu) ?? [];
  return words.map((word) => word.toLowerCase()).flatMap((word) => [word, ...singularsOf(word)]);
}

function endsIn(letters: string, secret: string): boolean {
  return [letters, ...singularsOf(letters)].some((form) => form.endsWith(secret));
}

function singularsOf(word: string): string[] {
  return ["s", "es"].filter((ending) => word.endsWith(ending)).map((ending) => word.slice(0, -ending.length));
}
