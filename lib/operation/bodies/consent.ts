import * as z from "zod/mini";

/** Body of `POST /flows/{flowId}/consent`. */
export const ConsentBody = z.strictObject({ accept: z.boolean() });
