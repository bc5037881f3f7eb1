import { readFileSync } from "node:fs";
import * as cloudformation from "@aws-sdk/client-cloudformation";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as kms from "@aws-sdk/client-kms";
import * as secretsmanager from "@aws-sdk/client-secrets-manager";
import * as stepfunctions from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { environmentNamed } from "../../infra/environments.ts";
import { pageOf } from "./check/page.js";
import { commandsIn } from "./check/shell.js";
import { readTree } from "./check/tree.js";

const tree = readTree(".");

/** Every command of every script in the pages, each with the page that it stands on. */
const commands = [...tree.paths]
  .filter((path) => path.endsWith(".md"))
  .flatMap((path) =>
    pageOf(path, readFileSync(path, "utf8"))
      .fences.filter(({ language }) => language === "sh")
      .flatMap(({ text }) => commandsIn(text).map(({ words }) => ({ path, words }))),
  );

/** What the SDK knows of each service that the pages speak to: the same model as the command line's. */
const services: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(
  Object.entries({ cloudformation, dynamodb, kms, secretsmanager, stepfunctions }),
);

/** Services without a client here: what their commands take, by AWS's command line reference. */
const known: Readonly<Record<string, readonly string[]>> = {
  "apigateway update-account": ["patch-operations"],
  "iam delete-role": ["role-name"],
  "iam detach-role-policy": ["role-name", "policy-arn"],
  "resourcegroupstaggingapi get-resources": ["tag-filters"],
};

/** A request in the SDK's own schemas: its members, of which the first so many have to be there. */
const Input = z.tuple([
  z.literal(3),
  z.string(),
  z.string(),
  z.unknown(),
  z.array(z.string()),
  z.array(z.unknown()),
  z.number().default(0),
]);

const plain = (name: string) => name.replaceAll("-", "").toLowerCase();

/** What is wrong with a command of AWS's. */
function faultsOf([, service = "", verb = "", ...rest]: readonly string[]): readonly string[] {
  const given = rest.filter((word) => word.startsWith("--")).map((word) => word.slice(2).replace(/=.*/s, ""));
  const told = `aws ${service} ${verb}`;
  const byHand = known[`${service} ${verb}`];
  if (byHand !== undefined) {
    return given.toSorted().join() === byHand.toSorted().join() ? [] : [`${told} takes ${byHand.join(", ")}`];
  }
  const schemas = Object.entries(services.get(service) ?? {});
  const [, schema] =
    schemas.find(([name]) => new RegExp(`^${plain(verb)}(?:input|request)\\$$`, "i").test(name)) ?? [];
  const input = Input.safeParse(schema);
  if (!input.success) return [`nobody knows ${told}`];
  const [, , , , members, , needed] = input.data;
  const named = given.map((option) => plain(option.replace(/^no-/, "")));
  return [
    ...named
      .filter((name) => !members.some((member) => plain(member) === name))
      .map((name) => `${told}: ${name}?`),
    ...members
      .slice(0, needed)
      .filter((member) => !named.includes(plain(member)))
      .map((member) => `${told} needs ${member}`),
  ];
}

describe("a command of AWS's in the pages", () => {
  const ofAws = commands.filter(({ words }) => words[0] === "aws");

  it("is one that the service has, with what it needs and nothing else", () => {
    expect(ofAws.length).toBeGreaterThan(8);
    expect(ofAws.flatMap(({ path, words }) => faultsOf(words).map((fault) => `${path}: ${fault}`))).toEqual(
      [],
    );
  });

  it.each([
    ["aws kms schedule-deletion --key-id x", "nobody knows aws kms schedule-deletion"],
    ["aws kms schedule-key-deletion --days 7 --key-id x", "aws kms schedule-key-deletion: days?"],
    ["aws dynamodb delete-table", "aws dynamodb delete-table needs TableName"],
    ["aws iam delete-role", "aws iam delete-role takes role-name"],
  ])("is found out: %s", (command, fault) => {
    expect(faultsOf(command.split(" "))).toEqual([fault]);
  });
});

describe("a command of CDK's in the pages", () => {
  const ofCdk = commands.filter(({ words }) => words[0] === "npx" && words[1] === "cdk");

  it("names an environment that there is, by a verb that CDK has", () => {
    expect(ofCdk.length).toBeGreaterThan(4);
    for (const { words } of ofCdk) {
      expect(["bootstrap", "deploy", "destroy", "diff", "synth"]).toContain(words[2]);
      const name = words[words.indexOf("-c") + 1]?.replace(/^env=/, "");
      expect(environmentNamed(name).name).toBe(name);
    }
  });
});
