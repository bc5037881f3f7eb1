import * as z from "zod/mini";
import { hostFault, passkeyOriginFault, redirectUriFault } from "./addresses.ts";
import { type Application, hasClientSecret } from "./flow/application.ts";
import { baseUrlFault } from "./pingone/settings.ts";

/** Begins with a letter: the members of an object whose names look like numbers lose their order. */
export const Name = z.string().check(
  z.regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, {
    error: "A name is a letter, then at most 63 letters, digits, dots, hyphens and underscores.",
  }),
);

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
export const KeyArn = z.string().check(z.regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/));

const ClientId = z.string().check(
  z.regex(/^[A-Za-z0-9_-]{1,64}$/, {
    error: "A client id is at most 64 letters, digits, hyphens and underscores.",
  }),
);

/** RFC 6749 §3.3. */
const Scope = z.string().check(
  z.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, {
    error: "A scope is printable ASCII without blanks, quotes and backslashes.",
  }),
);

const PolicyName = z.string().check(
  z.regex(/^[^\p{C}]{1,256}$/u, {
    error: "A policy's name has at most 256 characters, and none of control.",
  }),
);

/** An application as `APPLICATIONS` lists it: a JSON object of these by the name clients give. */
export const ApplicationSettings = z
  .strictObject({
    clientId: ClientId,
    redirectUri: without(redirectUriFault),
    scopes: z.array(Scope).check(
      // Without it PingOne runs OAuth and gives no ID token: nobody would know who has signed on.
      z.refine((scopes) => scopes.includes("openid"), { error: "The scopes must have openid among them." }),
    ),
    policies: z.array(PolicyName),
    /** With `basic` and `post` the application has a secret, which lies in Secrets Manager. */
    clientAuthentication: z.optional(z.enum(["basic", "none", "post"])),
    passkeyOrigins: z.optional(z.array(without(passkeyOriginFault)).check(z.maxLength(16))),
    /** Needs a secret to sign with. */
    stepUp: z.optional(z.array(PolicyName).check(z.minLength(1))),
    /** `client-secret` needs one as well, and `kms` needs `SIGNING_KEY_ARN`. */
    signedRequest: z.optional(z.enum(["client-secret", "kms"])),
    session: z.optional(z.enum(["end"])),
  })
  .check(needsSecret("stepUp"), needsSecret("signedRequest"));

/** A setting by which we sign for an application, which needs a secret for that. */
function needsSecret(setting: "signedRequest" | "stepUp") {
  return z.refine<Pick<Application, "clientAuthentication" | typeof setting>>(
    (application) =>
      application[setting] === undefined || application[setting] === "kms" || hasClientSecret(application),
    {
      path: [setting],
      error: "Only an application with a client secret can sign: set clientAuthentication.",
    },
  );
}

/** `true` or `false`. */
export function flag(fallback: "true" | "false") {
  return z.pipe(
    z._default(z.enum(["true", "false"]), fallback),
    z.transform((text) => text === "true"),
  );
}

/** A whole number within bounds. */
export function integer(least: number, most: number, fallback: number) {
  const error = `A whole number from ${least} to ${most} is needed.`;
  const text = z._default(z.string().check(z.regex(/^\d{1,9}$/, { error })), String(fallback));
  const bounds = z.number().check(z.minimum(least, { error }), z.maximum(most, { error }));
  return z.pipe(z.pipe(text, z.transform(Number)), bounds);
}

/** JSON, parsed. Its parser's message quotes the text, so it goes no further. */
export const Json = z.pipe(
  z.string(),
  z.transform((text, { issues }): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issues.push({ code: "custom", message: "It is not JSON.", input: text });
      return z.NEVER;
    }
  }),
);

/** A text in which a rule finds no fault; the rule's sentence is the issue's. */
export function without(faultOf: (text: string) => string | undefined) {
  return z.string().check(
    z.refine((text) => faultOf(text) === undefined, {
      error: ({ input }) => faultOf(String(input)) ?? "",
    }),
  );
}

/** What is wrong with PingOne's base URL, by its client's rules and by that of every host. */
export function pingOneFault(url: string): string | undefined {
  return baseUrlFault(url) ?? hostFault(new URL(url).hostname);
}
