import type { Kind } from "./kind.ts";
import { file } from "./tenant.ts";

const often = { times: 50 } as const;

/** Everything that can be wrong with an application. */
export const ofApplication: readonly Kind[] = [
  {
    kind: "client-id",
    because: "of another environment",
    breaks: (tenant) => tenant.set({ clientId: "7d1c0a52-9b7e-4a43-8f0e-3a5b9c2d1e02" }),
    untold: "application",
    says: "shop: PingOne signs nobody on for this client id",
    mend: `applications.shop.clientId in ${file}`,
  },
  {
    kind: "client-id",
    because: "of an application that is off",
    breaks: (tenant) => tenant.register({ enabled: false }),
    untold: "application",
    says: "shop: PingOne signs nobody on for this client id",
    mend: `applications.shop.clientId in ${file}`,
  },
  {
    kind: "client-id",
    because: "of a worker",
    breaks: (tenant) =>
      tenant.register({ grantTypes: ["CLIENT_CREDENTIALS"], tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC" }),
    untold: "application",
    says: "shop: PingOne signs nobody on for this client id",
    mend: `applications.shop.clientId in ${file}`,
  },
  {
    kind: "redirect-uri",
    because: "that ends in a slash",
    breaks: (tenant) => tenant.set({ redirectUri: "https://shop.test/back/" }),
    says: "shop: The redirect URI isn't registered",
    mend: `applications.shop.redirectUri in ${file}`,
  },
  {
    kind: "policy",
    because: "in another spelling",
    breaks: (tenant) => tenant.set({ policies: ["Single_Factor", "multi_factor"] }),
    says: "shop: The application has no sign-on policy multi_factor.",
    mend: `applications.shop.policies in ${file}`,
  },
  {
    kind: "policy",
    because: "that the application isn't given",
    breaks: (tenant) => tenant.register({ policies: ["Multi_Factor"] }),
    says: "shop: The application has no sign-on policy Single_Factor.",
    mend: `applications.shop.policies in ${file}`,
  },
  {
    kind: "scope",
    because: "that isn't granted",
    breaks: (tenant) => tenant.set({ scopes: ["openid", "address"] }),
    says: "shop: The application doesn't grant every scope",
    mend: `applications.shop.scopes in ${file}`,
  },
  {
    kind: "pushed",
    because: "required",
    breaks: (tenant) => tenant.register({ parRequirement: "REQUIRED" }),
    untold: "application",
    says: "shop: The application takes pushed authorization requests alone",
    mend: "Require pushed authorization request",
  },
  {
    kind: "grant",
    because: "other than a code",
    breaks: ({ simulator }) =>
      simulator.faults.script({
        ...{ kind: "reply", on: "authorize", ...often, status: 400, applied: false },
        body: { error: "unauthorized_client", error_description: "Not allowed." },
      }),
    says: "shop: The application may not ask for a code.",
    mend: "grant type Authorization Code",
  },
  {
    kind: "pi-flow",
    because: "answered by a redirect",
    breaks: ({ simulator }) =>
      simulator.faults.script({
        ...{ kind: "reply", on: "authorize", ...often, status: 302, applied: false },
        ...{ headers: { location: "https://apps.example.org/signon/" }, body: "" },
      }),
    says: "shop: PingOne doesn't take response_mode=pi.flow",
    mend: "docs/pingone-setup.md, step 2",
  },
  {
    kind: "pi-flow",
    because: "refused",
    breaks: ({ simulator }) =>
      simulator.faults.script({
        ...{ kind: "reason", on: "authorize", ...often, in: "body-4xx" },
        details: [{ code: "INVALID_VALUE", target: "response_mode" }],
      }),
    says: "shop: PingOne doesn't take response_mode=pi.flow",
    mend: "docs/pingone-setup.md, step 2",
  },
  {
    kind: "davinci",
    because: "in the place of a sign-on policy",
    breaks: ({ simulator }) => simulator.faults.script({ kind: "davinci", on: "authorize" }),
    says: "shop: the policy Single_Factor is a DaVinci flow, another protocol.",
    mend: "docs/pingone-setup.md, step 3",
  },
  {
    kind: "first-step",
    because: "that no step of ours answers",
    breaks: ({ simulator }) =>
      simulator.faults.script({
        kind: "unknown-status",
        on: "authorize",
        status: "EXTERNAL_AUTHENTICATION_REQUIRED",
      }),
    says: "shop: the policy Single_Factor begins with EXTERNAL_AUTHENTICATION_REQUIRED",
    mend: "docs/pingone-setup.md, step 3",
  },
  {
    kind: "pkce",
    because: "not enforced",
    breaks: (tenant) => tenant.register({ pkceEnforcement: "OPTIONAL" }),
    says: "shop: PingOne starts flows without PKCE.",
    mend: "S256_REQUIRED",
  },
  {
    kind: "pkce",
    because: "by plain",
    breaks: (tenant) => tenant.register({ pkceEnforcement: "REQUIRED" }),
    says: "shop: PingOne takes PKCE's method plain.",
    mend: "S256_REQUIRED",
  },
  {
    kind: "auth-method",
    because: "with a secret that the settings don't know of",
    breaks: async (tenant) => {
      tenant.set({ clientAuthentication: "none" });
      await tenant.register({ tokenEndpointAuthMethod: "CLIENT_SECRET_POST" });
    },
    says: "shop: PingOne wants the application's secret for a code, and the settings say that it has none.",
    mend: `applications.shop.clientAuthentication in ${file}`,
  },
  {
    kind: "auth-method",
    because: "without the secret that the settings speak of",
    breaks: (tenant) => tenant.set({ clientAuthentication: "basic" }),
    says: "shop: PingOne takes the application without a secret, and the settings say that it has one.",
    mend: `applications.shop.clientAuthentication in ${file}`,
  },
  {
    kind: "unanswered",
    because: "by a reset",
    breaks: ({ simulator }) =>
      simulator.faults.script({ kind: "reset", on: "authorize", ...often, applied: false }),
    says: "shop: A start came to nothing: the connection broke",
    mend: "the network of this machine",
  },
  {
    kind: "unanswered",
    because: "by a page",
    breaks: ({ simulator }) => simulator.faults.script({ kind: "html", on: "authorize", ...often }),
    says: "shop: A start came to nothing: the answer to a start is 200 and no flow.",
    mend: "the network of this machine",
  },
];
