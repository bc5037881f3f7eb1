import * as z from "zod/mini";

/**
 * At most so many characters, as JSON Schema counts them: a character beyond U+FFFF is one, though JavaScript
 * has two units for it. https://json-schema.org/draft/2020-12/json-schema-validation §6.3.1
 */
export function longest(characters: number): z.core.$ZodCheck<string> {
  const check = z.check<string>(({ value, issues }) => {
    if ([...value].length <= characters) return;
    issues.push({ code: "too_big", origin: "string", maximum: characters, inclusive: true, input: value });
  });
  // What a JSON Schema of the text is made of.
  check._zod.onattach.push(({ _zod: { bag } }) => {
    bag["maximum"] = characters;
  });
  return check;
}
