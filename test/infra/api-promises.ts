import { Match } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { routes } from "../../infra/api/routes.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { takesSecret } from "../../lib/operation/names.ts";
import { deployed, propertiesOf, type Synthesis, synthesize } from "./synthesis.ts";

const Method = z.looseObject({
  HttpMethod: z.string(),
  Integration: z.looseObject({ Type: z.string() }),
});

const GatewayResponse = z.looseObject({
  ResponseType: z.string(),
  StatusCode: z.string(),
  ResponseParameters: z.record(z.string(), z.string()),
  ResponseTemplates: z.strictObject({ "application/json": z.string() }),
});

/** What the API promises, whatever the environment. */
export function apiPromises(): void {
  describe.each(deployed)("the API of %s", (name) => {
    let synthesis: Synthesis;
    beforeAll(() => {
      synthesis = synthesize(name);
    });
    const methods = () =>
      propertiesOf(synthesis, "AWS::ApiGateway::Method").map((method) => Method.parse(method));
    const settings = environmentNamed(name);

    it("is regional and speaks TLS 1.2 or later, on its domain as well", () => {
      const tls = { SecurityPolicy: "SecurityPolicy_TLS13_1_2_PQ_2025_09", EndpointAccessMode: "STRICT" };
      const regional = { EndpointConfiguration: { Types: ["REGIONAL"] } };
      synthesis.template.hasResourceProperties("AWS::ApiGateway::RestApi", { ...regional, ...tls });
      const domains = propertiesOf(synthesis, "AWS::ApiGateway::DomainName");
      expect(domains).toMatchObject(settings.domain === undefined ? [] : [{ ...regional, ...tls }]);
    });

    it("has one method for each route, and hands each request to its function as it came", () => {
      const called = methods().filter(({ HttpMethod }) => HttpMethod !== "OPTIONS");
      expect(called.map(({ HttpMethod }) => HttpMethod).toSorted()).toEqual(
        routes.map(({ method }) => method).toSorted(),
      );
      for (const method of called) {
        expect(method.Integration.Type).toBe("AWS_PROXY");
        // So whatever the gateway says of a key, a token or a signature, it says where there is no method.
        expect([method["AuthorizationType"], method["ApiKeyRequired"] ?? false]).toEqual(["NONE", false]);
        expect(Object.keys(method).filter((name) => name.startsWith("Request"))).toEqual([]);
      }
      for (const type of ["RequestValidator", "Model"])
        synthesis.template.resourceCountIs(`AWS::ApiGateway::${type}`, 0);
    });

    it("throttles every method, and those that take a credential more", () => {
      const { default: usual, credentials } = settings.limits.throttling;
      const limits = routes.map(({ method, path, function: step }) => ({
        HttpMethod: method,
        ResourcePath: `/${path.replaceAll("/", "~1")}`,
        ThrottlingRateLimit: (takesSecret(step) ? credentials : usual).perSecond,
      }));
      synthesis.template.hasResourceProperties("AWS::ApiGateway::Stage", {
        MethodSettings: Match.arrayWith(limits.map((limit) => Match.objectLike(limit))),
      });
      synthesis.template.hasResourceProperties("AWS::ApiGateway::Stage", {
        MethodSettings: Match.arrayWith([
          Match.objectLike({
            HttpMethod: "*",
            ThrottlingRateLimit: usual.perSecond,
            ThrottlingBurstLimit: usual.burst,
          }),
        ]),
      });
      expect(credentials.perSecond).toBeLessThan(usual.perSecond);
    });

    it("traces no data, and logs no execution", () => {
      const { MethodSettings } = propertiesOf(synthesis, "AWS::ApiGateway::Stage")[0] ?? {};
      const levels = z.array(z.looseObject({ DataTraceEnabled: z.literal(false) })).parse(MethodSettings);
      expect(levels[0]).toMatchObject({ LoggingLevel: "OFF", HttpMethod: "*" });
    });

    it("keeps an access log without personal data", () => {
      const stage = z
        .looseObject({ AccessLogSetting: z.looseObject({ Format: z.string() }) })
        .parse(propertiesOf(synthesis, "AWS::ApiGateway::Stage")[0]);
      const { Format } = stage.AccessLogSetting;
      expect(Object.keys(JSON.parse(Format))).toContain("route");
      expect(Format).not.toMatch(
        /identity|sourceIp|userAgent|\$context\.path|authorizer|validationError|messageString/i,
      );
    });

    it("gives its own answers our problem shape, and echoes nothing", () => {
      const answers = propertiesOf(synthesis, "AWS::ApiGateway::GatewayResponse").map((answer) =>
        GatewayResponse.parse(answer),
      );
      for (const { ResponseTemplates, ResponseParameters } of answers) {
        const template = ResponseTemplates["application/json"];
        expect(Object.keys(JSON.parse(template))).toEqual(
          expect.arrayContaining([
            ...["type", "title", "detail", "instance", "error"],
            ...["flowEnded", "retryable", "attemptCounted", "requestId"],
          ]),
        );
        expect(JSON.parse(template)).not.toHaveProperty("status");
        const substituted = `${template}${JSON.stringify(ResponseParameters)}`.match(
          /(\$?context|method)\.[\w.]+/g,
        );
        expect(new Set(substituted)).toEqual(new Set(["$context.requestId", "context.requestId"]));
        expect(ResponseParameters).toMatchObject({
          "gatewayresponse.header.Content-Type": "'application/problem+json'",
          "gatewayresponse.header.Access-Control-Allow-Origin": `'${settings.allowedOrigins[0]}'`,
          "gatewayresponse.header.Access-Control-Expose-Headers": "'Date, Retry-After, X-Request-Id'",
        });
        expect(ResponseParameters["gatewayresponse.header.Access-Control-Allow-Credentials"]).toBe(
          settings.cookieDelivery ? "'true'" : undefined,
        );
        expect(JSON.stringify(ResponseParameters)).not.toContain("Location");
      }
      const types = answers.map(({ ResponseType }) => ResponseType);
      const own = ["WAF_FILTERED", "REQUEST_TOO_LARGE", "THROTTLED", "INTEGRATION_TIMEOUT"];
      expect(types).toEqual(expect.arrayContaining([...own, "DEFAULT_4XX", "DEFAULT_5XX"]));
      const validators = ["BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS", "UNSUPPORTED_MEDIA_TYPE"];
      expect(types.filter((type) => validators.includes(type))).toEqual([]);
    });

    it("has an honest answer for a way to no method, whatever the gateway takes the bearer token for", () => {
      const answers = propertiesOf(synthesis, "AWS::ApiGateway::GatewayResponse").map((answer) =>
        GatewayResponse.parse(answer),
      );
      const told = (type: string) => {
        const found = answers.find(({ ResponseType }) => ResponseType === type);
        const { error, detail } = z
          .object({ error: z.string(), detail: z.string() })
          .parse(JSON.parse(found?.ResponseTemplates["application/json"] ?? ""));
        return [found?.StatusCode, error, /no such (method|route)/.test(detail)];
      };
      const ofTokens = ["EXPIRED_TOKEN", "INVALID_API_KEY", "INVALID_SIGNATURE", "UNAUTHORIZED"];
      for (const type of ["MISSING_AUTHENTICATION_TOKEN", "RESOURCE_NOT_FOUND", ...ofTokens]) {
        expect(told(type)).toEqual(["404", "no-such-route", true]);
      }
      for (const type of ["ACCESS_DENIED", "DEFAULT_4XX"])
        expect(told(type)).toEqual(["403", "forbidden", true]);
    });

    it("answers preflights for exactly the allowed origins", () => {
      const preflights = methods().filter(({ HttpMethod }) => HttpMethod === "OPTIONS");
      expect(preflights).toHaveLength(new Set(routes.map(({ path }) => path)).size);
      for (const preflight of preflights) {
        const text = JSON.stringify(preflight);
        const compared = [...text.matchAll(/\$origin == \\\\?\\?"(https?:[^"\\]+)/g)].map(
          ([, origin]) => origin,
        );
        expect(compared).toEqual(settings.allowedOrigins);
        expect(text).not.toMatch(/matches\(|'\*'/);
        expect(text.includes("Access-Control-Allow-Credentials")).toBe(settings.cookieDelivery);
      }
    });
  });
}
