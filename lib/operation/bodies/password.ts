import * as z from "zod";
import { Username } from "./texts.ts";

/** Body of `POST /flows/{flowId}/password`. */
export const PasswordBody = z.strictObject({ username: Username, password: z.string().min(1).max(1024) });
