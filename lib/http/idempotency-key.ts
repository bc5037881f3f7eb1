import type { APIGatewayProxyEvent } from "aws-lambda";
import { fault, type ParseResult } from "../operation/parsing.ts";
import { headerValues } from "./request.ts";

/**
 * A key has 128 random bits at least. Only its length can be judged: 22 characters are the fewest of
 * base64url that hold so many.
 */
const fewestCharacters = 22;
const mostCharacters = 128;

/** A string of structured fields (RFC 9651 §3.3.3), without parameters. */
const quotedString = /^[ \t]*"((?:[ !#-[\]-~]|\\["\\])*)"[ \t]*$/;

/**
 * The `Idempotency-Key` of a start: a quoted string, such as `"bFJqf2aeuKCHnYB6rJ0dNw"`. Nothing where there
 * is none.
 *
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function parseIdempotencyKey(event: APIGatewayProxyEvent): ParseResult<string | undefined> {
  const name = "idempotency-key";
  const [sent, ...others] = headerValues(event, name);
  if (sent === undefined) return { ok: true, value: undefined };
  const key = quotedString.exec(sent)?.[1]?.replace(/\\(.)/g, "$1");
  const isMalformed = key === undefined || others.length > 0 || key.length < fewestCharacters;
  if (isMalformed) return fault(name, "malformed");
  return key.length > mostCharacters ? fault(name, "too-long") : { ok: true, value: key };
}
