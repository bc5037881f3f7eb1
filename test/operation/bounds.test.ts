import { describe, expect, it } from "vitest";
import type * as z from "zod/mini";
import { DeviceBody } from "../../lib/operation/bodies/device.ts";
import { LookupBody } from "../../lib/operation/bodies/lookup.ts";
import { OtpBody } from "../../lib/operation/bodies/otp.ts";
import { PasswordBody } from "../../lib/operation/bodies/password.ts";
import { StartBody } from "../../lib/operation/bodies/start.ts";
import { parseWith } from "../../lib/operation/parsing.ts";
import { HeldFlowPayload, SecretName, WatchPayload } from "../../lib/workflow/payload.ts";

const start = { codeChallenge: "A".repeat(43) };
const flowId = "42d5b137-0f9b-4a52-9f0e-7a3f5f7c9d10";

/** A member of so many characters, and what has to stand beside it. */
interface Bound {
  readonly schema: z.ZodMiniType;
  readonly beside: object;
  readonly member: string;
  /** The shortest and the longest that is taken. */
  readonly least: number;
  readonly most: number;
  /** One past is told as malformed where the length is part of a grammar. */
  readonly past?: "malformed";
  /** Base64 has lengths of four alone. */
  readonly step?: number;
}

const bounds: readonly Bound[] = [
  { schema: LookupBody, beside: {}, member: "username", least: 1, most: 256 },
  { schema: PasswordBody, beside: { username: "u" }, member: "password", least: 1, most: 1_024 },
  { schema: DeviceBody, beside: {}, member: "deviceId", least: 1, most: 128 },
  { schema: OtpBody, beside: {}, member: "otp", least: 4, most: 10, past: "malformed" },
  { schema: StartBody, beside: {}, member: "codeChallenge", least: 43, most: 43, past: "malformed" },
  { schema: StartBody, beside: start, member: "application", least: 1, most: 64 },
  { schema: StartBody, beside: start, member: "policy", least: 1, most: 256 },
  { schema: StartBody, beside: start, member: "nonce", least: 1, most: 256 },
  { schema: StartBody, beside: start, member: "loginHint", least: 1, most: 256 },
  {
    ...{ schema: HeldFlowPayload, beside: { flowId }, member: "sealedFlowToken" },
    ...{ least: 4, most: 1_024, step: 4 },
  },
  { schema: WatchPayload, beside: { flowId }, member: "taskToken", least: 1, most: 2_048 },
  { schema: SecretName, beside: {}, member: "credentialSecret", least: 1, most: 512 },
];

describe("the length of a member", () => {
  it.each(bounds)(
    "$member: from $least to $most",
    ({ schema, beside, member, least, most, past, step = 1 }) => {
      const faultOf = (length: number) => {
        const result = parseWith({ ...beside, [member]: "1".repeat(length) }, schema);
        return result.ok ? "taken" : result.fields;
      };
      expect(faultOf(least)).toBe("taken");
      expect(faultOf(most)).toBe("taken");
      expect(faultOf(least - step)).toEqual([{ name: member, reason: "malformed" }]);
      expect(faultOf(most + step)).toEqual([{ name: member, reason: past ?? "too-long" }]);
    },
  );
});
