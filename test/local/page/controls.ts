import { make } from "./elements.ts";
import type { Field, StepForm } from "./forms.ts";

/** What fills fields. */
export interface Filler {
  /** What to fill a field with. */
  filled(field: string): string;
}

/** The heading of a screen: it has the focus, so that a screen reader tells what has come. */
export function heading(text: string): HTMLElement {
  return make("h1", { attributes: { tabindex: "-1" } }, text);
}

/** A form with its button. @param filled what to fill a field with */
export function formOf(
  form: StepForm,
  { filled }: Filler,
  className: string,
  send: (typed: Readonly<Record<string, string>>) => void,
): HTMLElement {
  const inputs = form.fields.map((field) => [field.name, inputFor(field, filled(field.name))] as const);
  const labels = form.fields.map(({ label }, index) => make("label", {}, label, inputs[index]?.[1] ?? ""));
  const element = make("form", {}, ...labels, make("button", { type: "submit", className }, form.button));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    send(Object.fromEntries(inputs.map(([name, input]) => [name, input.value])));
  });
  return element;
}

function inputFor({ name, type, autocomplete, isCode, isOptional }: Field, value: string): HTMLInputElement {
  return make("input", {
    ...{ type, value },
    ...(isCode && { className: "code" }),
    attributes: {
      name,
      autocomplete,
      ...(isOptional !== true && { required: "" }),
      spellcheck: "false",
      autocapitalize: "off",
      ...(name === "otp" && { inputmode: "numeric" }),
    },
  });
}

/** What went wrong: a screen reader tells it at once. */
export function alarm(text: string): HTMLElement {
  return make("p", { className: "problem", attributes: { role: "alert" } }, text);
}

/** A button that is no form's. */
export function button(label: string, onClick: () => void, className = ""): HTMLElement {
  return make("button", { type: "button", className, onClick }, label);
}
