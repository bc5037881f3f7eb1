import * as z from "zod";
import { hostFault, passkeyOriginFault, redirectUriFault } from "./addresses.ts";
import { baseUrlFault } from "./pingone/settings.ts";

/** Begins with a letter: the members of an object whose names look like numbers lose their order. */
export const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, {
  error: "A name is a letter, then at most 63 letters, digits, dots, hyphens and underscores.",
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
export const KeyArn = z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/);

const ClientId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: "A client id is at most 64 letters, digits, hyphens and underscores.",
});

/** RFC 6749 §3.3. */
const Scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, {
  error: "A scope is printable ASCII without blanks, quotes and backslashes.",
});

const PolicyName = z.string().regex(/^[^\p{C}]{1,256}$/u, {
  error: "A policy's name has at most 256 characters, and none of control.",
});

/** An application as `APPLICATIONS` lists it: a JSON object of these by the name clients give. */
export const ApplicationSettings = z.strictObject({
  clientId: ClientId,
  redirectUri: without(redirectUriFault),
  scopes: z.array(Scope).min(1),
  policies: z.array(PolicyName),
  passkeyOrigins: z.array(without(passkeyOriginFault)).max(16).optional(),
});

/** `true` or `false`. */
export function flag(fallback: "true" | "false") {
  return z
    .enum(["true", "false"])
    .default(fallback)
    .transform((text) => text === "true");
}

/** A whole number within bounds. */
export function integer(least: number, most: number, fallback: number) {
  const error = `A whole number from ${least} to ${most} is needed.`;
  const text = z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .default(String(fallback));
  return text.transform(Number).pipe(z.number().min(least, { error }).max(most, { error }));
}

/** JSON, parsed. Its parser's message quotes the text, so it goes no further. */
export const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "It is not JSON." });
    return z.NEVER;
  }
});

/** A text in which a rule finds no fault; the rule's sentence is the issue's. */
export function without(faultOf: (text: string) => string | undefined) {
  return z.string().refine((text) => faultOf(text) === undefined, {
    error: ({ input }) => faultOf(String(input)) ?? "",
  });
}

/** What is wrong with PingOne's base URL, by its client's rules and by that of every host. */
export function pingOneFault(url: string): string | undefined {
  return baseUrlFault(url) ?? hostFault(new URL(url).hostname);
}
