import * as z from "zod";

/** Body of `POST /flows/{flowId}/device`. */
export const DeviceBody = z.strictObject({ deviceId: z.string().regex(/^[!-~]{1,128}$/) });
