import * as z from "zod";

/** What a resource is given. */
export type Properties = Readonly<Record<string, unknown>>;

/** Resources of a template by logical id. */
export type Resources = ReadonlyMap<string, { readonly Type: string; readonly Properties: Properties }>;

const Reference = z.union([
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z
    .strictObject({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) })
    .transform((get) => get["Fn::GetAtt"][0]),
]);

/** The logical ids that a value refers to, wherever in it. */
export function idsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const id = Reference.safeParse(value).data;
  return id === undefined ? Object.values(value).flatMap(idsIn) : [id];
}

/** A function as somebody invokes it: its logical id, and its alias, version or `$LATEST`. */
export interface Invoked {
  readonly id: string;
  readonly qualifier: string;
}

/** The functions that a value refers to, be it by an alias or a version of theirs. */
export function invokedIn(resources: Resources, value: unknown): Invoked[] {
  return idsIn(value).flatMap((id) => invokedBy(resources, id));
}

/** The function that a logical id stands for. */
export function invokedBy(resources: Resources, id: string): Invoked[] {
  const { Type = "", Properties = {} } = resources.get(id) ?? {};
  if (Type === "AWS::Lambda::Function") return [{ id, qualifier: "$LATEST" }];
  if (Type !== "AWS::Lambda::Alias" && Type !== "AWS::Lambda::Version") return [];
  const qualifier = String(Properties["Name"] ?? id);
  return invokedIn(resources, Properties["FunctionName"]).map((named) => ({ id: named.id, qualifier }));
}

/** Whether a function carries a credential or spends something; one that we don't know does. */
export function isOnceOnly(resources: Resources, { id }: Invoked): boolean {
  return !/^Sign-on: (status|cancel)$/.test(String(resources.get(id)?.Properties["Description"]));
}
