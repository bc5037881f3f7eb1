import { describe, expect, it } from "vitest";
import type { Environment } from "../../infra/environment.ts";
import { environmentWarnings } from "../../infra/environment-check.ts";
import { prod } from "../../infra/environments/prod.ts";
import { refusal } from "./refusal.ts";

/** Every number in settings, by its path. */
function numbersIn(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === "number") return [path.join(".")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => numbersIn(member, [...path, key]));
}

function withNumber(value: unknown, [key, ...path]: readonly string[], number: number): unknown {
  if (key === undefined) return number;
  if (typeof value !== "object" || value === null) throw new Error(`There is no ${key}.`);
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(members.set(key, withNumber(members.get(key), path, number)));
}

describe("a limit in production", () => {
  const { limits, firewall } = prod;
  const settings = numbersIn(prod);

  it.each(settings)("has an upper bound, be it %s", (setting) => {
    const told = refusal(withNumber(prod, setting.split("."), 1_000_000_000)).split("\n");
    expect(told.filter((line) => line.startsWith(setting))).not.toEqual([]);
  });

  it("is one of these numbers", () => {
    expect(settings).toEqual(expect.arrayContaining(["limits.attempts", "firewall.credentialsPerAddress"]));
    expect(settings.length).toBeGreaterThan(20);
  });

  const flow = "It is how many guesses one flow allows.";
  const name = "It is how often one network may try one name.";
  const sent = "It is how many messages one network may have one person sent.";
  const office = "It is how many people may sign on behind one address.";
  const account = "It is more than AWS gives a whole account unless asked.";
  const no = (setting: string, value: number, most: number, purpose: string) =>
    `${setting}: ${value} is no protection: production takes ${most} at most. ${purpose}`;
  const limited = (changed: Partial<Environment["limits"]>): Environment => ({
    ...prod,
    limits: { ...limits, ...changed },
  });
  const walled = (changed: Partial<NonNullable<Environment["firewall"]>>): Environment => ({
    ...prod,
    firewall: { ...firewall, ...changed },
  });
  const names = (perName: number, perNetwork: number, windowSeconds: number) =>
    limited({ names: { perName, perNetwork, windowSeconds } });
  const messages = (perPerson: number, windowSeconds: number) =>
    limited({ messages: { perPerson, windowSeconds } });

  it.each<[string, Environment, readonly string[]]>([
    ["attempts of 30", limited({ attempts: 30 }), []],
    ["attempts of 31", limited({ attempts: 31 }), [no("limits.attempts", 31, 30, flow)]],
    ["credentials of 10", limited({ credentials: 10 }), []],
    [
      "credentials of 11, above the attempts",
      limited({ credentials: 11 }),
      [
        no("limits.credentials", 11, 10, flow),
        "limits.credentials: 11 is above limits.attempts (10), so it would never be reached.",
      ],
    ],
    ["50 names at once, one in five seconds", names(50, 200, 250), []],
    ["51 at once", names(51, 200, 300), [no("limits.names.perName", 51, 50, name)]],
    ["a few in no time", names(10, 20, 49), [no("limits.names.perName a second", 0.204082, 0.2, name)]],
    [
      "as many as there are, in a second",
      names(1_000_000, 1_000_000, 1),
      [
        no("limits.names.perName", 1_000_000, 50, name),
        no("limits.names.perName a second", 1_000_000, 0.2, name),
        no("limits.names.perNetwork", 1_000_000, 20_000, office),
        no("limits.names.perNetwork a second", 1_000_000, 50, office),
      ],
    ],
    ["50 messages at once, one in ten seconds", messages(50, 500), []],
    ["51 messages", messages(51, 900), [no("limits.messages.perPerson", 51, 50, sent)]],
    [
      "a few messages in no time",
      messages(15, 149),
      [no("limits.messages.perPerson a second", 0.100671, 0.1, sent)],
    ],
    ["20,000 at once in a day", names(10, 20_000, 86_400), []],
    ["20,001 in a day", names(10, 20_001, 86_400), [no("limits.names.perNetwork", 20_001, 20_000, office)]],
    [
      "a name's limit above the network's",
      names(20, 10, 300),
      ["limits.names.perName: 20 is above limits.names.perNetwork (10), so it would never be reached."],
    ],
    [
      "throttling in the billions",
      limited({
        throttling: { default: { perSecond: 2e9, burst: 2e9 }, credentials: { perSecond: 1e9, burst: 1e9 } },
      }),
      [
        no("limits.throttling.default.perSecond", 2e9, 10_000, account),
        no("limits.throttling.default.burst", 2e9, 5_000, account),
        no("limits.throttling.credentials.perSecond", 1e9, 10_000, account),
        no("limits.throttling.credentials.burst", 1e9, 5_000, account),
      ],
    ],
    [
      "credentials throttled less than all else",
      limited({
        throttling: { default: { perSecond: 10, burst: 20 }, credentials: { perSecond: 11, burst: 20 } },
      }),
      [
        "limits.throttling.credentials.perSecond: 11 is above limits.throttling.default.perSecond (10), so it would never be reached.",
      ],
    ],
    [
      "a share that is a whole account's",
      limited({ reservedConcurrency: { ...limits.reservedConcurrency, otp: 1_001 } }),
      [no("limits.reservedConcurrency.otp", 1_001, 1_000, account)],
    ],
    ["a firewall of 100,000", walled({ requestsPerAddress: 100_000, credentialsPerAddress: 50_000 }), []],
    [
      "a firewall in the billions",
      walled({ requestsPerAddress: 1e9, credentialsPerAddress: 1e9 }),
      [
        no("firewall.requestsPerAddress", 1e9, 100_000, office),
        no("firewall.credentialsPerAddress", 1e9, 50_000, office),
      ],
    ],
    [
      "a firewall whose narrower limit is the wider",
      walled({ requestsPerAddress: 100, credentialsPerAddress: 101 }),
      [
        "firewall.credentialsPerAddress: 101 is above firewall.requestsPerAddress (100), so it would never be reached.",
      ],
    ],
  ])("with %s", (_what, settings, sentences) => {
    expect(refusal(settings)).toBe(sentences.length === 0 ? "taken" : sentences.join("\n"));
  });

  it.each<[string, Environment, readonly string[]]>([
    ["what is usual", prod, []],
    ["2,001 people at once", names(10, 2_001, 86_400), ["limits.names.perNetwork"]],
    ["five people a second, and a few", names(10, 51, 10), ["limits.names.perNetwork a second"]],
    [
      "an office that fills the firewall",
      walled({ requestsPerAddress: 10_001, credentialsPerAddress: 2_001 }),
      ["firewall.requestsPerAddress", "firewall.credentialsPerAddress"],
    ],
    ["no shares of what PingOne takes", limited({ reservedConcurrency: {} }), ["limits.reservedConcurrency"]],
  ])("warns of %s", (_what, settings, warned) => {
    const found = environmentWarnings(settings);
    expect([...found.keys()]).toEqual(warned);
    expect([...found].filter(([setting, sentence]) => !sentence.startsWith(`${setting}: `))).toEqual([]);
  });
});
