import * as z from "zod";

/** Body of the requests that carry none; an empty object will do. */
export const NoBody = z.strictObject({});
