import * as z from "zod/mini";

/** Body of `POST /flows/{flowId}/device`. */
export const DeviceBody = z.strictObject({
  deviceId: z.string().check(z.maxLength(128), z.regex(/^[!-~]+$/)),
});
