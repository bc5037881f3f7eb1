import { describe, expect, it } from "vitest";
import { secretMembers, stepNames } from "../../lib/flow/steps.ts";
import { DeviceBody } from "../../lib/operation/bodies/device.ts";
import { LookupBody } from "../../lib/operation/bodies/lookup.ts";
import { OtpBody } from "../../lib/operation/bodies/otp.ts";
import { PasswordBody } from "../../lib/operation/bodies/password.ts";
import { StartBody } from "../../lib/operation/bodies/start.ts";
import { secretNameOf } from "../../lib/workflow/secret-names.ts";

/** What is secret, word by word; each step's own secrets come from its definition. */
const secrets: readonly (readonly string[])[] = [
  ...stepNames.flatMap(secretMembers).map((name) => [name]),
  ...["passwd", "passcode", "passphrase", "pwd", "secret", "token", "cookie", "credential"].map((one) => [
    one,
  ]),
  ...["authorization", "bearer", "jwt", "pass", "pin", "code"].map((one) => [one]),
  ...[
    ["id", "token"],
    ["private", "key"],
    ["api", "key"],
    ["access", "key"],
    ["session", "id"],
  ],
  ...[
    ["sms", "code"],
    ["verification", "code"],
    ["recovery", "code"],
    ["code", "verifier"],
  ],
  ...[
    ["client", "assertion"],
    ["signing", "key"],
    ["shared", "key"],
    ["encryption", "key"],
    ["basic", "auth"],
    ["verifier"],
  ],
  ...[
    ["flow", "token"],
    ["refresh", "token"],
    ["client", "secret"],
    ["set", "cookie"],
  ],
];

/** What people put around it. */
const frames: readonly (readonly [string, (words: readonly string[]) => readonly string[]])[] = [
  ["alone", (words) => words],
  ["in the plural", (words) => [...words.slice(0, -1), `${words.at(-1)}s`]],
  ["new", (words) => ["new", ...words]],
  ["of a user", (words) => ["user", ...words]],
  ["its value", (words) => [...words, "value"]],
  ["as text", (words) => ["raw", ...words, "text"]],
  ["numbered", (words) => [...words, "2"]],
];

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
const camel = (words: readonly string[]) =>
  words.map((word, at) => (at === 0 ? word : capital(word))).join("");
const wide = (text: string) =>
  text.replaceAll(/[!-~]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfe_e0));

/** How the words of a name are written down. */
const spellings: readonly (readonly [string, (words: readonly string[]) => string])[] = [
  ["camelCase", camel],
  ["PascalCase", (words) => words.map(capital).join("")],
  ["snake_case", (words) => words.join("_")],
  ["kebab-case", (words) => words.join("-")],
  ["SCREAMING_CASE", (words) => words.join("_").toUpperCase()],
  ["with dots", (words) => words.join(".")],
  ["with blanks", (words) => words.join(" ")],
  ["full width", (words) => wide(camel(words))],
  ["full width, in capitals", (words) => wide(words.join("_").toUpperCase())],
  ["with marks that nobody sees", (words) => [...camel(words)].join("\u200b")],
  ["with accents", (words) => camel(words).replace(/[aeio]/, "$&\u0301")],
];

describe("the name of a secret", () => {
  it.each(spellings)("is known in %s, whatever is around it", (_, spelled) => {
    const missed = secrets.flatMap((words) =>
      frames.flatMap(([frame, around]) => {
        const name = spelled(around(words));
        return secretNameOf(name) === undefined ? [`${frame}: ${name}`] : [];
      }),
    );
    expect(missed).toEqual([]);
  });

  it.each([
    ...["passwd", "pass", "smsCode", "verificationCode", "passwordValue", "tokens"],
    ...[
      "smscode",
      "sessiontoken",
      "userpassword",
      "d",
      "D",
      "ST",
      "st",
      "Session",
      "OTPCode",
      "smsOTP",
      "otps",
    ],
    ...[
      "client_assertion",
      "id_token_hint",
      "login_hint_token",
      "code_verifier",
      "SAMLResponse",
      "subject_token",
    ],
    ...["Authorization", "Proxy-Authorization", "X-Amz-Security-Token", "x-api-key", "sid", "ST-NO-SS"],
    ...["k", "p", "q", "dp", "dq", "qi", "oth", "\uff2b", "auth", "authCode", "user_pwd", "Passwort"],
  ])("is known: %s", (name) => {
    expect(secretNameOf(name)).toBeDefined();
  });

  it("is told by a word of ours, and never in the sender's spelling", () => {
    for (const [words, word] of [
      [["my", "Pass-Word"], "password"],
      [["Canary", "Token"], "token"],
      [["Canary", "Codes"], "code"],
    ] as const) {
      expect(secretNameOf(words.join(""))).toBe(word);
    }
  });
});

describe("a name that is no secret's", () => {
  const bodies = [DeviceBody, LookupBody, OtpBody, PasswordBody, StartBody];
  const ownMembers = bodies.flatMap(({ shape }) => Object.keys(shape));
  // Who holds an ID token can begin a flow as its person, so no payload may carry one.
  const known: readonly string[] = [...stepNames.flatMap(secretMembers), "idToken"];

  it.each([
    ...new Set(ownMembers.filter((name) => !known.includes(name))),
    ...["flowId", "sealedFlowToken", "taskToken", "flowTokenHash", "flowTokenPublicKey", "credentialSecret"],
  ])("is every other member that a payload may have: %s", (name) => {
    expect(secretNameOf(name)).toBeUndefined();
  });

  it.each([
    ...[
      "codeChallenge",
      "code_challenge",
      "codeChallengeMethod",
      "tokenDelivery",
      "userName",
      "status",
      "error",
    ],
    ...["shipping", "decoder", "passenger", "spinner", "id", "nextStep", "standing", "expiresIn", "device"],
  ])("is %s", (name) => {
    expect(secretNameOf(name)).toBeUndefined();
  });

  it.each(["SealedFlowToken", "sealed_flow_token", "taskTokens", "credentialSecrets", "flowTokenHash2"])(
    "is not one that only looks like what a payload carries: %s",
    (name) => {
      expect(secretNameOf(name)).toBeDefined();
    },
  );
});
