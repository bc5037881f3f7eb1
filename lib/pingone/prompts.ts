import * as z from "zod/mini";
import type { Agreement, Profile } from "../flow/details.ts";
import { ifFit } from "./if-fit.ts";

const maxAttributes = 32;
/** PingOne's own limit is 32,000 characters (docs/pingone.md §3.9 (7)). */
const longestText = 64_000;

/** What could break a line, or the order of the letters in it; half a character can't be stored. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** One line of text, cut to so many characters. */
function line(most: number) {
  return z.pipe(
    z.string(),
    z.transform((text: string) =>
      [...text.slice(0, 4 * most).replace(unprintable, " ")].slice(0, most).join("").trim(),
    ),
  );
}

const Attribute = z.object({
  name: z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,127}$/)),
  displayName: ifFit(line(128)),
});

const Asked = z.object({
  attributes: z.array(z.unknown()),
  promptText: ifFit(line(512)),
});

/**
 * Which members have the text is not known (docs/pingone.md §3.9 (9)): those of the management API are read.
 */
const Told = z.object({
  name: ifFit(line(256)),
  title: ifFit(line(256)),
  text: ifFit(z.string().check(z.minLength(1), z.maxLength(longestText))),
  contentType: ifFit(z.string().check(z.regex(/^text\/(html|plain)$/))),
});

/** What the policy wants to know of the person; nothing for what can't be read. */
export function readProfile(embedded: object): Profile | undefined {
  const { data } = Asked.safeParse(embedded);
  if (data === undefined) return undefined;
  const attributes = data.attributes.slice(0, maxAttributes).flatMap((one) => {
    const found = Attribute.safeParse(one).data;
    return found === undefined
      ? []
      : [{ name: found.name, ...(found.displayName ? { label: found.displayName } : {}) }];
  });
  return { ...(data.promptText ? { prompt: data.promptText } : {}), attributes };
}

/** What the person is asked to accept; nothing where PingOne tells nothing of it. */
export function readAgreement(told: unknown): Agreement | undefined {
  const { data } = Told.safeParse(told);
  if (data === undefined) return undefined;
  const { name, title = name, text, contentType } = data;
  return {
    ...(title ? { title } : {}),
    ...(text === undefined ? {} : { text }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}
