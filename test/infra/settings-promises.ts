import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { checkEnvironment } from "../../infra/environment-check.ts";
import { prod } from "../../infra/environments/prod.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { operationNames } from "../../lib/operation/names.ts";
import { deployed, propertiesOf, statementsOf, synthesizeAnew } from "./synthesis.ts";

/** What docs/operations.md takes for PingOne's calls a second, by environment. */
const documentedRate = { staging: /Staging takes `r = (\d+)`/, prod: /production, [^;]*`r = (\d+)`/ };

function documented(pattern: RegExp): number {
  return z.coerce.number().parse(pattern.exec(readFileSync("docs/operations.md", "utf8"))?.[1]);
}

/** What settings promise that no environment has, and what the shares of PingOne's limit add up to. */
export function settingsPromises(): void {
  describe("the shares of what PingOne can feed", () => {
    const sharing = deployed.filter(
      (name) => Object.keys(environmentNamed(name).limits.reservedConcurrency).length > 0,
    );

    it.each(sharing)("go in %s to every function that calls it", (name) => {
      const callers = operationNames.filter((step) => step !== "cancel");
      const { reservedConcurrency } = environmentNamed(name).limits;
      expect(Object.keys(reservedConcurrency).toSorted()).toEqual(callers.toSorted());
    });

    it.each(["staging", "prod"] as const)("add up in %s to what docs/operations.md works out", (name) => {
      const shares = Object.values(environmentNamed(name).limits.reservedConcurrency);
      const sum = shares.reduce<number>((total, share) => total + share, 0);
      expect(sum).toBeCloseTo(documented(documentedRate[name]) * documented(/`t = ([\d.]+)`/));
    });
  });

  describe("a synthesis", () => {
    it("has nobody answer for production without a firewall", () => {
      const { firewall: _firewall, ...open } = prod;
      expect(synthesizeAnew(open).findings).toEqual(["AwsSolutions-APIG3"]);
    });

    it("warns of a protection that a deployment may want this weak, and goes on", () => {
      const settings = checkEnvironment({ ...prod, limits: { ...prod.limits, reservedConcurrency: {} } });
      expect(synthesizeAnew(settings).findings).toEqual(["Annotation::sign-on:limits.reservedConcurrency"]);
    });

    it("looks nothing up for static egress in an account that is known", () => {
      const { missing, ...synthesis } = synthesizeAnew(
        checkEnvironment({ ...prod, account: "123456789012" }),
      );
      expect(missing).toEqual([]);
      const subnets = propertiesOf({ missing, ...synthesis }, "AWS::EC2::Subnet");
      const zones = new Set(subnets.map(({ AvailabilityZone }) => JSON.stringify(AvailabilityZone)));
      expect([...zones]).toEqual(
        [0, 1].map((zone) => JSON.stringify({ "Fn::Select": [zone, { "Fn::GetAZs": "" }] })),
      );
    });
  });

  describe("the reader of policies", () => {
    it("stops at a statement that names no actions, and passes over a firewall's rule", () => {
      const read = (Properties: Record<string, unknown>) =>
        statementsOf({ resources: new Map([["Owner", { Type: "AWS::IAM::Policy", Properties }]]) });
      const open = { Effect: "Allow", NotAction: "iam:*", Resource: "*" };
      expect(() => read({ PolicyDocument: { Statement: [open] } })).toThrow("Action");
      expect(() => read({ PolicyDocument: { Statement: open } })).toThrow();
      expect(read({ Rules: [{ Statement: { RateBasedStatement: {} } }] })).toEqual([]);
    });
  });
}
