import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { describe, expect, it } from "vitest";
import { SignOnApi } from "../../infra/api/sign-on-api.ts";
import { dev } from "../../infra/environments/dev.ts";
import { prod } from "../../infra/environments/prod.ts";
import { environmentNamed } from "../../infra/environments.ts";
import { refusal } from "./refusal.ts";

describe("cookie delivery", () => {
  const host = "Cookie delivery needs a custom domain: cookies of an AWS host are third-party cookies.";
  const path = "Cookie delivery needs an empty base path: the cookie is for /flows/{flowId}.";
  const nobody = "Cookie delivery needs an allowed origin: no other page gets a cookie.";
  const plain = "Cookie delivery needs https origins: a page without TLS is on another site.";
  const elsewhere =
    "Cookie delivery needs origins on the domain's own site: from another no browser sends the cookie.";
  const { certificateArn } = prod.domain;
  const on = (name: string, ...allowedOrigins: string[]) => ({
    ...{ ...dev, cookieDelivery: true, allowedOrigins },
    domain: { name, certificateArn },
  });
  const api = "sign-on.example.com";

  it.each<[string, unknown, string]>([
    [
      "no domain of its own",
      { ...dev, cookieDelivery: true, allowedOrigins: ["https://a.example.com"] },
      host,
    ],
    ["a base path", { ...prod, domain: { ...prod.domain, basePath: "auth" } }, path],
    ["no origin", on(api), nobody],
    ["an origin without TLS", on(api, "https://app.example.com", "http://app.example.com"), plain],
    ["an origin on another site", on(api, "https://app.example.com", "https://example.org"), elsewhere],
    ["an origin whose name only ends alike", on(api, "https://evilexample.com"), elsewhere],
    ["an origin whose name only begins alike", on(api, "https://app.example.com.evil.test"), elsewhere],
    [
      "an origin with a dot at its end",
      on(api, "https://app.example.com."),
      `${elsewhere}\nallowedOrigins.0: A host name has no dot at its end: to whoever compares, it is another name.`,
    ],
    ...["app", "capacitor", "ionic", "tauri"].map((scheme): [string, unknown, string] => [
      `a page of a hybrid app (${scheme}) on the domain's own name`,
      on(api, `${scheme}://app.example.com`),
      `${plain}\ncookieDelivery: A hybrid app's pages are on no site that a cookie could be for.`,
    ]),
    [
      "a page of a hybrid app beside pages of the site",
      on(api, "https://app.example.com", "capacitor://localhost"),
      `${plain}\n${elsewhere}\ncookieDelivery: A hybrid app's pages are on no site that a cookie could be for.`,
    ],
    ["a hybrid app's page on https", on(api, "https://localhost"), elsewhere],
    ["neighbours below a public suffix", on("api.co.uk", "https://app.co.uk"), elsewhere],
    ["neighbours on a shared host", on("api.github.io", "https://app.github.io"), elsewhere],
    ["a public suffix", on("github.io", "https://app.github.io"), elsewhere],
    ["an address", on(api, "https://127.0.0.1"), elsewhere],
    ["a developer's machine", on(api, "http://localhost:3000"), `${plain}\n${elsewhere}`],
  ])("is refused with %s", (_what, settings, sentence) => {
    expect(refusal(settings)).toBe(sentence);
  });

  it.each([
    ["neighbours", on(api, "https://app.example.com", "https://example.com:8443")],
    ["neighbours below a public suffix of two labels", on("api.shop.co.uk", "https://shop.co.uk")],
    ["one person's pages on a shared host", on("api.me.github.io", "https://app.me.github.io")],
    [
      "a base path, where it is off",
      { ...prod, cookieDelivery: false, domain: { ...prod.domain, basePath: "a" } },
    ],
  ])("is taken with %s", (_what, settings) => {
    expect(refusal(settings)).toBe("taken");
  });

  it("is on in production alone: the others have no domain", () => {
    const names = ["dev", "staging", "prod", "emulator"];
    expect(names.filter((name) => environmentNamed(name).cookieDelivery)).toEqual(["prod"]);
  });
});

describe("a base path", () => {
  it("is mapped to the API, and part of its URL", () => {
    const stack = new Stack(new App(), "api");
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
    const { url } = new SignOnApi(stack, "Api", {
      environment: { ...prod, cookieDelivery: false, domain: { ...prod.domain, basePath: "auth" } },
      target: (name) => LambdaFunction.fromFunctionArn(stack, name, arn),
    });
    expect(url).toBe("https://sign-on.example.com/auth/");
    const mappings = Template.fromStack(stack).findResources("AWS::ApiGateway::BasePathMapping");
    expect(Object.values(mappings)).toMatchObject([{ Properties: { BasePath: "auth" } }]);
  });
});
