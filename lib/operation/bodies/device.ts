import * as z from "zod";

/** Body of `POST /flows/{flowId}/device`. */
export const DeviceBody = z.strictObject({
  deviceId: z
    .string()
    .max(128)
    .regex(/^[!-~]+$/),
});
