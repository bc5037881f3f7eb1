import { make } from "./elements.ts";
import type { SandboxFacts } from "./facts.ts";

/** Where the page signs people on. */
export interface Settings {
  /** The API. */
  readonly api: string;
  /** PingOne's issuer, to redeem the code at; without it the code is shown as it is. */
  readonly issuer: string;
  readonly clientId: string;
  readonly application: string;
  readonly policy: string;
  /** `body` or `cookie`. */
  readonly tokenDelivery: string;
}

/** The settings that the page begins with: the sandbox's own, or those of the URL's query. */
export function firstSettings({ issuer, clientId }: SandboxFacts): Settings {
  const own = { api: location.origin, issuer, clientId, application: "", policy: "", tokenDelivery: "body" };
  const asked = new URLSearchParams(location.search);
  const isElsewhere = asked.has("api");
  const base = isElsewhere ? { ...own, issuer: "", clientId: "" } : own;
  return { ...base, ...Object.fromEntries(Object.keys(own).flatMap((key) => pairs(asked, key))) };
}

function pairs(asked: URLSearchParams, key: string): [string, string][] {
  const value = asked.get(key);
  return value === null ? [] : [[key, value]];
}

function textField(name: string, value: string): HTMLElement {
  return make("input", { value, attributes: { name, spellcheck: "false", autocapitalize: "off" } });
}

function deliveryChoice(value: string): HTMLElement {
  const options = ["body", "cookie"].map((one) => {
    const selected = one === value ? { selected: "" } : {};
    return make("option", { value: one, attributes: selected }, one);
  });
  return make("select", { attributes: { name: "tokenDelivery" } }, ...options);
}

const labels: Readonly<Record<keyof Settings, string>> = {
  api: "API",
  issuer: "PingOne issuer (…/as)",
  clientId: "Client ID",
  application: "Application (may be empty)",
  policy: "Policy (may be empty)",
  tokenDelivery: "Flow token comes in",
};

/** A form to point the page elsewhere. It becomes the query, so that it can be kept as a bookmark. */
export function settingsForm(settings: Settings): HTMLElement {
  const fields = Object.entries(labels).map(([name, label]) => {
    const value = Object.entries(settings).find(([key]) => key === name)?.[1] ?? "";
    return make(
      "label",
      {},
      label,
      name === "tokenDelivery" ? deliveryChoice(value) : textField(name, value),
    );
  });
  const form = make("form", { attributes: { method: "get", action: "/" } }, ...fields);
  form.append(make("button", { type: "submit" }, "Use these settings"));
  return make("details", {}, make("summary", {}, "Sign on somewhere else"), form);
}
