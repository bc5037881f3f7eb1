import type { APIGatewayProxyEvent } from "aws-lambda";
import { describe, it } from "vitest";
import { fromOwnSite } from "../support/browser-client.ts";
import { crossSite } from "./cross-site.ts";
import { expectNoticed } from "./kit/noticing.ts";
import { conditionsWith } from "./kit/proof.ts";

type Mistake = (event: APIGatewayProxyEvent) => APIGatewayProxyEvent;

const { origin: ours, "sec-fetch-site": ownSite } = fromOwnSite;
const origin = { Origin: ours };
const site = { "Sec-Fetch-Site": ownSite };

/** What a laxer check takes a request for: one with these headers. */
function taking(headersFor: (event: APIGatewayProxyEvent) => Readonly<Record<string, string>>): Mistake {
  return (event) => {
    const headers = headersFor(event);
    const several = Object.entries(headers).map(([name, value]) => [name, [value]]);
    const multiValueHeaders = { ...event.multiValueHeaders, ...Object.fromEntries(several) };
    return { ...event, headers: { ...event.headers, ...headers }, multiValueHeaders };
  };
}

function takingOrigins(isOurs: (origin: string) => boolean): Mistake {
  return taking(({ headers }) => (isOurs(headers["Origin"] ?? "") ? origin : {}));
}

describe("cross-site notices a function that", () => {
  it.each<[string, Mistake, RegExp]>([
    ["compares the beginning of an origin", takingOrigins((one) => one.startsWith(ours)), /the suffix trick/],
    [
      "compares the end of an origin",
      takingOrigins((one) => one.endsWith(".example.com")),
      /a subdomain at cancel was answered 204/,
    ],
    [
      "takes the last of two origins",
      taking(({ headers: { Origin: last } }) => (last === undefined ? {} : { Origin: last })),
      /ours the last at cancel was answered 204/,
    ],
    ["looks at no Sec-Fetch-Site", taking(() => site), /no Sec-Fetch-Site: the row changed/],
    [
      "trusts a GET",
      taking(({ httpMethod }) => (httpMethod === "GET" ? { ...origin, ...site } : {})),
      /a form at status was answered 200/,
    ],
  ])("%s", async (_, event, told) => {
    const { misses } = await crossSite.run(conditionsWith({ event }, { scale: 0.01 }));
    expectNoticed(misses, told);
  });
});
