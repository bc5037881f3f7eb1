import { afterAll, expect } from "vitest";
import { takeMismatches, tell } from "./record.ts";

// Vitest runs it before each file of tests.
afterAll(() => {
  tell();
  expect(takeMismatches(), "replies that docs/openapi.json doesn't describe").toEqual([]);
});
