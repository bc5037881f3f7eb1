import * as z from "zod/mini";

/** Body of the requests that carry none; an empty object will do. */
export const NoBody = z.strictObject({});
