import * as z from "zod";
import { Username } from "./texts.ts";

/** Body of `POST /flows/{flowId}/lookup`. */
export const LookupBody = z.strictObject({ username: Username });
