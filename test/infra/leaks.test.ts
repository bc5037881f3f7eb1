import { describe, expect, it } from "vitest";
import { placeholderOf } from "../../infra/workflow/check/calls.ts";
import { definitionFaults } from "../../infra/workflow/check/definition.ts";
import { call, given, invoke, leaking, sound, task } from "./leaking-definitions.ts";

/** Definitions that leak nothing. */
const harmless: readonly (readonly [what: string, definition: object])[] = [
  [
    "the members that a function takes",
    given({ ...sound, "sealedFlowToken.$": "$.password.sealedFlowToken" }),
  ],
  ["an input path", given({ "flowId.$": "$.flowId" }, { InputPath: "$.flow" })],
  [
    "what is put together of named parts",
    given({ "username.$": "States.Format('password {}', $.person.name)" }),
  ],
  ["a filter by a word", given({ "username.$": "$.devices[?(@.type == 'otp')].id" })],
  [
    "the task token of a state that waits",
    call(
      {
        FunctionName: placeholderOf("status"),
        Payload: { "flowId.$": "$.flowId", "taskToken.$": "$$.Task.Token" },
      },
      { Resource: `${invoke}.waitForTaskToken` },
    ),
  ],
  [
    "retries where nothing was spent",
    given(sound, { Retry: [{ ErrorEquals: ["UpstreamUnavailable", "RateLimited"], MaxAttempts: 9 }] }),
  ],
  [
    "what another function gets",
    task({
      Resource: invoke,
      Parameters: { FunctionName: "another", "Payload.$": "$" },
      Retry: [{ ErrorEquals: ["States.ALL"] }],
    }),
  ],
  [
    "JSONata that calls another function",
    task({ QueryLanguage: "JSONata", Resource: invoke, Arguments: { FunctionName: "another" } }),
  ],
];

describe("a definition", () => {
  it.each(leaking)("is refused for %s", (_what, definition, sentence) => {
    expect(definitionFaults(definition)).toEqual([sentence]);
  });

  it.each(harmless)("may have %s", (_what, definition) => {
    expect(definitionFaults(definition)).toEqual([]);
  });

  it("is refused by as many sentences as there are leaks to tell apart", () => {
    expect(new Set(leaking.map(([, , sentence]) => sentence)).size).toBeGreaterThanOrEqual(12);
  });
});
