import { expect, it, onTestFinished } from "vitest";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { dev } from "../../infra/environments/dev.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { jwks } from "../../infra/jwks/jwks.ts";
import { startKms } from "../local/aws/kms.ts";
import { standInAws } from "../support/stand-in.ts";

const arnOf = (end: string) =>
  `arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-0000000000${end}`;

const deployed = new Map([
  [arnOf("01"), "alias/sign-on/dev/signing/2026"],
  [arnOf("02"), "alias/sign-on/dev/signing/2027"],
]);

async function asked(settings: object, args: readonly string[] = ["-c", "env=dev"]) {
  const kms = await startKms([...deployed.keys()], undefined, deployed);
  onTestFinished(() => kms.stop());
  const [printed, complained]: [string[], string[]] = [[], []];
  const status = await jwks(args, {
    environmentNamed: (name) =>
      name === "dev" ? checkEnvironment({ ...dev, ...settings }) : environmentNamed(name),
    aws: { ...standInAws, endpoint: kms.endpoint },
    print: (line) => printed.push(line),
    complain: (line) => complained.push(line),
  });
  return { status, printed, complained, kms };
}

it("prints the public half of every key on one line, as PingOne takes it", async () => {
  const { status, printed, complained, kms } = await asked({ signingKeys: ["2027", "2026"] });
  expect([status, complained]).toEqual([0, []]);
  expect(printed.map((line) => JSON.parse(line))).toEqual([
    {
      keys: ["02", "01"].map((end) => ({
        ...{ kty: "RSA", use: "sig", alg: "RS256", e: "AQAB" },
        kid: `00000000-0000-4000-8000-0000000000${end}`,
        n: expect.stringMatching(/^[A-Za-z0-9_-]{342}$/),
      })),
    },
  ]);
  expect(new Set(kms.calls.map(({ operation }) => operation))).toEqual(new Set(["GetPublicKey"]));
});

it.each<[string, object, readonly string[] | undefined, string]>([
  [
    "an environment without such keys",
    {},
    undefined,
    "The environment dev has no signing keys: list them in its setting signingKeys.",
  ],
  [
    "a key that isn't deployed yet",
    { signingKeys: ["2026", "2028"] },
    undefined,
    "There is no key alias/sign-on/dev/signing/2028: deploy the environment first.",
  ],
  [
    "another account's key",
    { signingKeys: ["2026"], account: "111122223333" },
    undefined,
    "Your credentials belong to another account than 111122223333, the environment's.",
  ],
  ["no environment", {}, [], "Name an environment with -c env=…: dev, staging, prod, emulator."],
  ["what it doesn't know", {}, ["--secret=x"], "Usage: npm run jwks -- -c env=dev"],
])("refuses %s in one sentence", async (_, settings, args, sentence) => {
  const { status, printed, complained } = await asked(settings, args);
  expect([status, printed, complained]).toEqual([1, [], [sentence]]);
});

it("names what KMS answers instead of a key", async () => {
  const kms = await startKms([]);
  onTestFinished(() => kms.stop());
  kms.plan({ kind: "refused", name: "AccessDeniedException" });
  const complained: string[] = [];
  const status = await jwks(["-c", "env=dev"], {
    environmentNamed: () => checkEnvironment({ ...dev, signingKeys: ["2026"] }),
    aws: { ...standInAws, endpoint: kms.endpoint },
    print: () => undefined,
    complain: (line) => complained.push(line),
  });
  expect([status, complained]).toEqual([
    1,
    ["KMS gave no public key for alias/sign-on/dev/signing/2026: AccessDeniedException."],
  ]);
});
