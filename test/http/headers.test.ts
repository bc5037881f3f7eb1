import { describe, expect, it } from "vitest";
import { isGatewayEvent } from "../../lib/http/endpoint.ts";
import { deviceOf } from "../../lib/http/request.ts";

describe("a header in an event that somebody made up", () => {
  it.each([null, 5, true, {}, [], ["x"]])("is none where it is no text: %j", (value) => {
    const headers = { "User-Agent": value, "Accept-Language": value };
    const event: unknown = { httpMethod: "POST", headers, requestContext: {} };
    if (!isGatewayEvent(event)) throw new Error("This is no event of a gateway.");
    expect(deviceOf(event)).toEqual({ userAgent: undefined, acceptLanguage: undefined });
  });
});
