import * as z from "zod/mini";

/** Attributes by name, as the flow asks for them: what else there is, the flow itself tells. */
const Attributes = z
  .record(
    z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,127}$/)),
    z.string().check(z.minLength(1), z.maxLength(1_024)),
  )
  .check(z.refine((attributes) => Object.keys(attributes).length <= 32));

/** Body of `POST /flows/{flowId}/profile`. */
export const ProfileBody = z.strictObject({ attributes: Attributes });
