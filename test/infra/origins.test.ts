import { dirname } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { RestApi } from "aws-cdk-lib/aws-apigateway";
import { beforeAll, describe, expect, it } from "vitest";
import { addGatewayProblems } from "../../infra/api/gateway-problems.ts";
import { addPreflight } from "../../infra/api/preflight.ts";
import { firewallRules } from "../../infra/api/web-acl-rules.ts";
import type { Environment } from "../../infra/environment.ts";
import { dev } from "../../infra/environments/dev.ts";
import { prod } from "../../infra/environments/prod.ts";
import { gatewayResponsesOf, methodsOf } from "../local/deployed/api.ts";
import { readAssembly } from "../local/deployed/assembly.ts";
import { runTemplate } from "../local/deployed/velocity.ts";
import { refusal } from "./refusal.ts";
import { propertiesOf, type Synthesis, synthesizeAnew } from "./synthesis.ts";

const appOrigins = ["capacitor://localhost", "ionic://localhost", "tauri://localhost", "app://."] as const;
const { firewall } = prod;
const withApps: Environment = { ...dev, firewall, allowedOrigins: [...appOrigins, "https://localhost"] };

describe("origins of hybrid apps", () => {
  let synthesis: Synthesis;
  beforeAll(() => {
    synthesis = synthesizeAnew(withApps);
  });
  const assembly = () => readAssembly(dirname(synthesis.templateFile));

  it("are taken", () => {
    expect(refusal(withApps)).toBe("taken");
  });

  it("are let in by every preflight, as a whole, and no other origin of their schemes is", () => {
    const templates = methodsOf(assembly()).flatMap(({ integration }) =>
      integration.kind === "mock" ? [integration.response.template] : [],
    );
    expect(templates.length).toBeGreaterThan(5);
    const leave = (template: string, Origin: string) =>
      runTemplate(template, { Origin }).headers["Access-Control-Allow-Origin"];
    const strangers = [
      "capacitor://elsewhere",
      "capacitor://localhost:8080",
      "http://localhost",
      "null",
      "app://",
    ];
    for (const template of templates) {
      for (const origin of withApps.allowedOrigins) expect(leave(template, origin)).toBe(origin);
      for (const origin of strangers) expect(leave(template, origin)).toBeUndefined();
    }
  });

  it("can read what the gateway and the firewall answer by themselves, the first of them", () => {
    const named = [...gatewayResponsesOf(assembly()).values()].map(
      ({ ResponseParameters }) => ResponseParameters["gatewayresponse.header.Access-Control-Allow-Origin"],
    );
    expect(new Set(named)).toEqual(new Set([`'${appOrigins[0]}'`]));
    expect(JSON.stringify(propertiesOf(synthesis, "AWS::WAFv2::WebACL"))).toContain(
      `{"Name":"Access-Control-Allow-Origin","Value":"${appOrigins[0]}"}`,
    );
  });

  it("reach the functions as they are", () => {
    const variables = JSON.stringify(propertiesOf(synthesis, "AWS::Lambda::Function"));
    expect(variables).toContain(`"ALLOWED_ORIGINS":"${withApps.allowedOrigins.join(",")}"`);
  });
});

/** What is no origin, or more than one: the first lines are what Velocity or a quoted text would run. */
const never = [
  ...[
    'https://a".example.com',
    "https://a'.example.com",
    "https://a$b.example.com",
    "https://a#b.example.com",
  ],
  ...["https://a$!{x}.example.com", 'capacitor://a"b', "capacitor://a$b", "tauri://a'b", 'app://x") #end'],
  ...[
    "https://a.example.com\n",
    "https://a.example.com\u0000",
    "https://a\t.example.com",
    " https://a.example.com",
  ],
  ...["*", "https://*", "https://*.example.com", "capacitor://*", "null", "localhost", "//a.example.com"],
  ...[
    "https://a.example.com/",
    "https://a.example.com/x",
    "https://a.example.com?x",
    "https://x@a.example.com",
  ],
  ...["https://A.example.com", "HTTPS://a.example.com", "Capacitor://localhost", "capacitor://LOCALHOST"],
  ...[
    "https://a.example.com:443",
    "http://a.example.com:80",
    "https://bücher.example.com",
    "https://2130706433",
  ],
  ...[
    "https://a.example.com.",
    "https://a..example.com",
    "https://a,b.example.com",
    "https://a.example.com\\x",
  ],
  ...["capacitor://", "capacitor:localhost", "capacitor://localhost/", "app://[::1]", "file://", "data:x"],
  ...["ftp://a.example.com", "chrome-extension://abcdefghijklmnop", "com.example.app://localhost", ""],
];

describe("what is no origin", () => {
  const listed = (...allowedOrigins: string[]) => ({ ...dev, allowedOrigins });

  it.each(never.map((origin) => [JSON.stringify(origin), origin]))("%s: is refused", (_, origin) => {
    for (const [index, settings] of [listed(origin), listed("https://a.example.com", origin)].entries()) {
      expect(refusal(settings)).toMatch(new RegExp(`^allowedOrigins\\.${index}: [^\\n]*$`));
    }
  });

  const rest = new RestApi(new Stack(new App(), "api"), "Rest");
  it.each(never.map((origin) => [JSON.stringify(origin), origin]))(
    "%s: is written into no template, even where nobody has judged it",
    (_, origin) => {
      const first = listed(origin, "https://a.example.com");
      const sentence = "No template can name an allowed origin.";
      expect(() => addPreflight(rest.root, ["POST"], first)).toThrow(sentence);
      expect(() => addPreflight(rest.root, ["POST"], listed("https://a.example.com", origin))).toThrow(
        sentence,
      );
      expect(() => addGatewayProblems(rest, first)).toThrow(sentence);
      expect(() => firewallRules({ firewall, ...first })).toThrow(sentence);
    },
  );
});
