import type { FlowProblem } from "../problems.ts";
import { defineStep } from "../step-definition.ts";

const notAsked: FlowProblem = {
  error: "request-invalid",
  fields: [{ name: "attributes", reason: "unknown" }],
};

/** What a person says of themselves: attributes by name, as the flow spells them. */
type Attributes = Readonly<Record<string, string>>;

/** A value, or what stands below the first part of a dotted name. */
type Nested = string | { readonly [name: string]: Nested };

/** Gives the attributes that the policy asks for. They go to the directory, so no others are taken. */
export const profile = defineStep({
  name: "profile",
  call: {
    kind: "action",
    action: "user.update",
    body: ({ attributes }: { attributes: Attributes }) => nested(Object.entries(attributes)),
  },
  members: { attributes: "attributes" },
  offeredWith: "profile",
  countsAttempt: true,
  triesCredential: false,
  afterProof: true,
  sendsMessage: true,
  rejections: [
    { code: "INVALID_VALUE" },
    { code: "REQUIRED_VALUE" },
    { code: "EMPTY_VALUE" },
    { code: "CONSTRAINT_VIOLATION" },
    { code: "UNIQUENESS_VIOLATION" },
  ],
  rejection: () => ({ error: "profile-rejected" }),
  objection: ({ attributes }, { details: { profile: asked } }) => {
    const names = asked?.attributes.map(({ name }) => name) ?? [];
    return Object.keys(attributes).every((name) => names.includes(name)) ? undefined : notAsked;
  },
});

/** Dotted names as nested objects (docs/pingone.md §3.9 (2)). */
function nested(entries: readonly (readonly [string, string])[]): Readonly<Record<string, Nested>> {
  const heads = [...new Set(entries.map(([name]) => head(name)))];
  return Object.fromEntries(
    heads.map((one) => {
      const own = entries.filter(([name]) => head(name) === one);
      const below = own.flatMap(([name, value]) =>
        name === one ? [] : [[name.slice(one.length + 1), value] as const],
      );
      return [one, below.length > 0 ? nested(below) : (own[0]?.[1] ?? "")];
    }),
  );
}

function head(name: string): string {
  return name.split(".", 1)[0] ?? name;
}
