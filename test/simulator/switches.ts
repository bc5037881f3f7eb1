import * as z from "zod";
import { placeSchema } from "./reason.ts";

/**
 * The points the public material leaves open, one switch each. Defaults are the stricter or the better
 * witnessed world.
 *
 * | Switch | Values (default first) | Effect |
 * |---|---|---|
 * | `flowsBearer` | `refused`, `ignored`, `required` | an `Authorization` header on `/flows` gives 401; is overlooked; its absence gives 401 |
 * | `acceptJsonOnly` | `refused`, `accepted` | `Accept: application/json` alone on `/flows` gives 406, or passes |
 * | `cookiesAt` | `completion`, `authorize` | `ST` comes with the answer that completes the flow, or as a pre-session already at authorize (sent again on completion) |
 * | `rotateST` | `false`, `true` | every later answer on the flow, refusals too, sets a new `ST` and voids the old value: an old one gives 401 on `/flows`, the sign-on page at resume |
 * | `resumeAnswer` | `by-response-mode`, `200`, `302` | resume answers as authorize asked, or always the one way |
 * | `badPassword` | `400-invalid-value`, `400-invalid-credentials`, `200-with-error` | how a wrong name or password is told |
 * | `shapes` | `2026`, `2021`, `2018` | which generation of the documented samples the flow body follows |
 * | `pushDenial` | `FAILED`, `PUSH_CONFIRMATION_TIMED_OUT` | the status after the person denies a push |
 * | `unfinishedResume` | `sign-on-page`, `404` | resume on a flow that is not complete |
 * | `lockedTells` | `true`, `false` | whether `PASSWORD_LOCKED_OUT` and `QUOTA_EXCEEDED` name their end |
 * | `reasonsIn` | `by-reason`, `body-4xx`, `failed-200`, `open-200` | where a reason is told: each where samples show it; an error body; a 200 whose flow has `FAILED`; a 200 whose flow goes on, with `error` |
 * | `repeatST` | `false`, `true` | whether answers after the one that set `ST` set the same `ST` again |
 */
export const switchesSchema = z.strictObject({
  flowsBearer: z.enum(["refused", "ignored", "required"]),
  acceptJsonOnly: z.enum(["refused", "accepted"]),
  cookiesAt: z.enum(["completion", "authorize"]),
  rotateST: z.boolean(),
  resumeAnswer: z.enum(["by-response-mode", "200", "302"]),
  badPassword: z.enum(["400-invalid-value", "400-invalid-credentials", "200-with-error"]),
  shapes: z.enum(["2026", "2021", "2018"]),
  pushDenial: z.enum(["FAILED", "PUSH_CONFIRMATION_TIMED_OUT"]),
  unfinishedResume: z.enum(["sign-on-page", "404"]),
  lockedTells: z.boolean(),
  reasonsIn: z.enum(["by-reason", ...placeSchema.options]),
  repeatST: z.boolean(),
});

/** See the table at `switchesSchema`. Mutable: tests turn them while the stand-in runs. */
export type Switches = z.infer<typeof switchesSchema>;

/** Any subset of the switches, as a start option or a `PUT` body; unknown names are refused. */
export const someSwitchesSchema = switchesSchema.partial();

/** The world that `Switches` describes when nobody says otherwise. */
export const defaultSwitches: Readonly<Switches> = {
  flowsBearer: "refused",
  acceptJsonOnly: "refused",
  cookiesAt: "completion",
  rotateST: false,
  resumeAnswer: "by-response-mode",
  badPassword: "400-invalid-value",
  shapes: "2026",
  pushDenial: "FAILED",
  unfinishedResume: "sign-on-page",
  lockedTells: true,
  reasonsIn: "by-reason",
  repeatST: false,
};
