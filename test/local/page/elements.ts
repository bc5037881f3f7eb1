/** What an element may be given beside its children. */
interface Given {
  readonly className?: string;
  readonly id?: string;
  readonly type?: string;
  readonly disabled?: boolean;
  readonly value?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** Makes an element. Text is text: nothing that a server says is ever read as HTML. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  given: Given = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const { attributes = {}, onClick, ...properties } = given;
  const element = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (onClick !== undefined) element.addEventListener("click", onClick);
  element.append(...children);
  return element;
}

/** An element of the page itself. @throws where the page has none of that id */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}
