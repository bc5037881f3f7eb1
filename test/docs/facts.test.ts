import { describe, expect, it } from "vitest";
import * as z from "zod";
import { isOpenToWorkflows, operationNames } from "../../lib/operation/names.ts";
import { factsOf, variablesOf } from "./check/facts.js";
import { lastTextOfCalls, listIn } from "./check/syntax.js";
import { readTree } from "./check/tree.js";
import { repositoryOf } from "./repository.ts";

describe("what the documents are compared with", () => {
  const facts = factsOf(readTree("."));

  it("is read of the sources", () => {
    expect(facts.alarms).toEqual(expect.arrayContaining(["server-errors", "throttled", "monitor-slow"]));
    expect(facts.workflowCalls["password"]).toEqual([
      "flowId",
      "sealedFlowToken",
      "username",
      "credentialSecret",
    ]);
    expect(facts.workflowErrors).toMatchObject({
      retryable: ["RateLimited", "UpstreamUnavailable"],
      open: ["StepInProgress", "OutcomeUnknown"],
    });
    expect(facts.scripts).toContain("check:docs");
  });

  it("has each function's body and call", () => {
    expect(Object.keys(facts.bodies).toSorted()).toEqual(operationNames.toSorted());
    const called = operationNames.filter(isOpenToWorkflows);
    expect(Object.keys(facts.workflowCalls).toSorted()).toEqual(called.toSorted());
  });

  it("has the input of an execution: what it must have, and what it may", () => {
    const { shape } = facts.executionInput;
    const needed = Object.keys(shape).filter(
      (name) => !z.safeParse(shape[name] ?? z.never(), undefined).success,
    );
    expect(needed.toSorted()).toEqual(["codeChallenge", "flowTokenHash", "flowTokenPublicKey"]);
    expect(Object.keys(shape)).toEqual(expect.arrayContaining(["application", "policy", "nonce"]));
  });
});

describe("an environment variable", () => {
  it("is told by its schema", () => {
    const count = z.string().default("10").transform(Number).pipe(z.number().min(1).max(100));
    const schema = z.object({
      NAME: z.string(),
      COUNT: count,
      WORD: z.enum(["a", "b"]).default("a"),
      TEXT: z.string().default(""),
    });
    expect(variablesOf(schema)).toEqual({
      NAME: { required: true, fallback: undefined, values: undefined },
      COUNT: { required: false, fallback: "10", values: "1–100" },
      WORD: { required: false, fallback: "a", values: "a, b" },
      TEXT: { required: false, fallback: "", values: undefined },
    });
  });
});

describe("a source that is read and not run", () => {
  const tree = repositoryOf({
    "a.ts":
      'const names = ["a", "b"];\nclass A { #add(name: string, line = name) {} b() { this.#add(name(), "c"); this.#add("d"); } }',
  });

  it("has lists, and calls with texts", () => {
    expect(listIn(tree, "a.ts", "names")).toEqual(["a", "b"]);
    expect(lastTextOfCalls(tree, "a.ts", "add")).toEqual(["c", "d"]);
  });

  it("is looked into in vain", () => {
    expect(() => listIn(tree, "a.ts", "others")).toThrow("a.ts has no list of texts that is called others.");
    expect(() => lastTextOfCalls(tree, "a.ts", "put")).toThrow("a.ts has no call of #put with a text.");
  });
});
