import * as z from "zod";
import { placeSchema } from "./reason.ts";

/**
 * The points that the public material leaves open, and how strictly a request is read: one switch each. The
 * first value is the one of `strictSwitches`: the stricter or the better witnessed world.
 */
export const switchesSchema = z.strictObject({
  /**
   * `refused`, `ignored`, `required`: an `Authorization` header on `/flows` gives 401; is overlooked;
   * its absence gives 401.
   */
  flowsBearer: z.enum(["refused", "ignored", "required"]),
  /** `refused`, `accepted`: `Accept: application/json` alone on `/flows` gives 406, or passes. */
  acceptJsonOnly: z.enum(["refused", "accepted"]),
  /**
   * `completion`, `authorize`: `ST` comes with the answer that completes the flow, or as a pre-session
   * already at authorize (sent again on completion).
   */
  cookiesAt: z.enum(["completion", "authorize"]),
  /**
   * `false`, `true`: every later answer on the flow, refusals too, sets a new `ST` and voids the old
   * value: an old one gives 401 on `/flows`, the sign-on page at resume.
   */
  rotateST: z.boolean(),
  /** `by-response-mode`, `200`, `302`: resume answers as authorize asked, or always the one way. */
  resumeAnswer: z.enum(["by-response-mode", "200", "302"]),
  /**
   * `400-invalid-value`, `400-invalid-credentials`, `200-with-error`: how a wrong name or password is
   * told.
   */
  badPassword: z.enum(["400-invalid-value", "400-invalid-credentials", "200-with-error"]),
  /** `2026`, `2021`, `2018`: which generation of the documented samples the flow body follows. */
  shapes: z.enum(["2026", "2021", "2018"]),
  /** `arrays`, `base64url`, `base64`: how the bytes are written that a passkey has to sign. */
  fidoBytes: z.enum(["arrays", "base64url", "base64"]),
  /** `notFound`, `sameStatus`: `password.forgot` finds no such name, or goes on as with a known one. */
  unknownName: z.enum(["notFound", "sameStatus"]),
  /** `FAILED`, `PUSH_CONFIRMATION_TIMED_OUT`: the status after the person denies a push. */
  pushDenial: z.enum(["FAILED", "PUSH_CONFIRMATION_TIMED_OUT"]),
  /** `offered`, `absent`: whether a push has a link to give it up. */
  pushCancel: z.enum(["offered", "absent"]),
  /** `FAILED`, `400-invalid-value`: what a refused agreement leads to. */
  refusedConsent: z.enum(["FAILED", "400-invalid-value"]),
  /** `embedded`, `flow`, `nowhere`: where the text of an agreement stands. */
  agreementIn: z.enum(["embedded", "flow", "nowhere"]),
  /** `sign-on-page`, `404`: resume on a flow that is not complete. */
  unfinishedResume: z.enum(["sign-on-page", "404"]),
  /** `true`, `false`: whether `PASSWORD_LOCKED_OUT` and `QUOTA_EXCEEDED` name their end. */
  lockedTells: z.boolean(),
  /**
   * `by-reason`, `body-4xx`, `failed-200`, `open-200`: where a reason is told: each where samples show
   * it; an error body; a 200 whose flow has `FAILED`; a 200 whose flow goes on, with `error`.
   */
  reasonsIn: z.enum(["by-reason", ...placeSchema.options]),
  /** `false`, `true`: whether answers after the one that set `ST` set the same `ST` again. */
  repeatST: z.boolean(),
  /**
   * `exact`, `lenient`: parameters and another letter case in the media type of an action give 415, or
   * are overlooked.
   */
  mediaTypes: z.enum(["exact", "lenient"]),
  /** `refused`, `understood`: `password.sendRecoveryCode` without `+json` gives 415, or is that action. */
  bareMediaTypes: z.enum(["refused", "understood"]),
  /**
   * `refused`, `ignored`: parameters that OAuth endpoints don't know give 400, or are ignored (RFC 6749
   * §3.1).
   */
  unknownParameters: z.enum(["refused", "ignored"]),
  /** `required`, `optional-with-pi.flow`: whether authorize needs one where nothing is redirected. */
  redirectUri: z.enum(["required", "optional-with-pi.flow"]),
  /**
   * `BLOCK`, `BYPASS`: whether somebody without a usable device fails under a policy of second factors alone,
   * or completes it at once where the application has named them by a `login_hint_token`.
   */
  noDevicesMode: z.enum(["BLOCK", "BYPASS"]),
  /** `unlimited`, `10`: how many sessions a person may have; an eleventh ends the oldest. */
  sessionsOfPerson: z.enum(["unlimited", "10"]),
  /** `none`, `60 s`: how long after its use a refresh token may be used again, and revokes nothing. */
  refreshGrace: z.enum(["none", "60 s"]),
  /** `by-application`, `any-origin`: which pages may read answers: see `cors.ts`. */
  cors: z.enum(["by-application", "any-origin"]),
  /**
   * `both`, `ST-alone`: whether `ST-NO-SS` has `Secure` too; a cookie jar keeps such a cookie from plain
   * HTTP, which PingOne never speaks and the stand-in does.
   */
  secureCookies: z.enum(["both", "ST-alone"]),
  /**
   * `detailed`, `bare`: whether authorize says which parameter it refuses, or nothing but that it does.
   */
  startRefusals: z.enum(["detailed", "bare"]),
});

/** See `switchesSchema`. Mutable: tests turn them while the stand-in runs. */
export type Switches = z.infer<typeof switchesSchema>;

/** Any subset of the switches, as a start option or a `PUT` body; unknown names are refused. */
export const someSwitchesSchema = switchesSchema.partial();

/** What tests, journeys and proofs run against: nothing is overlooked. */
export const strictSwitches: Readonly<Switches> = {
  flowsBearer: "refused",
  acceptJsonOnly: "refused",
  cookiesAt: "completion",
  rotateST: false,
  resumeAnswer: "by-response-mode",
  badPassword: "400-invalid-value",
  shapes: "2026",
  fidoBytes: "arrays",
  unknownName: "notFound",
  pushDenial: "FAILED",
  pushCancel: "offered",
  refusedConsent: "FAILED",
  agreementIn: "embedded",
  unfinishedResume: "sign-on-page",
  lockedTells: true,
  reasonsIn: "by-reason",
  repeatST: false,
  mediaTypes: "exact",
  bareMediaTypes: "refused",
  unknownParameters: "refused",
  redirectUri: "required",
  noDevicesMode: "BLOCK",
  sessionsOfPerson: "unlimited",
  refreshGrace: "none",
  cors: "by-application",
  secureCookies: "both",
  startRefusals: "detailed",
};

/**
 * What other people's clients meet under `npm start` and `npm run simulator`: all that PingOne
 * is known to take.
 */
export const lenientSwitches: Readonly<Switches> = {
  ...strictSwitches,
  flowsBearer: "ignored",
  acceptJsonOnly: "accepted",
  mediaTypes: "lenient",
  bareMediaTypes: "understood",
  unknownParameters: "ignored",
  redirectUri: "optional-with-pi.flow",
  cors: "any-origin",
  secureCookies: "ST-alone",
};
