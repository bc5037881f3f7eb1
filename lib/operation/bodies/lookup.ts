import * as z from "zod/mini";
import { Username } from "./texts.ts";

/** Body of `POST /flows/{flowId}/lookup`. */
export const LookupBody = z.strictObject({ username: Username });
