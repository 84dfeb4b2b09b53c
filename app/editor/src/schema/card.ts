//! What is said of a field or a kind, as elements: beside a completion, and where the pointer rests.
//! Descriptions are text, never markup: those of definitions come from anywhere.

import { type Field, inWords, type Kind } from "./shape.ts";

/** A field: its type, whether it is required, its description, and its values where that does not name them. */
export function fieldCard(field: Field): HTMLElement {
  const type = field.isRequired ? `${inWords(field.shape)}, required` : inWords(field.shape);
  const isSaid = field.values.every((value) => field.doc.includes(value));
  const values = isSaid ? "" : `Values: ${field.values.join(", ")}`;
  return card(field.name, type, [field.doc, values]);
}

/** A kind. */
export function kindCard(kind: Kind): HTMLElement {
  return card(kind.kind, kind.apiVersion, [kind.doc]);
}

/** A name, what it is, and paragraphs; those without text are left out. */
export function card(name: string, what: string, paragraphs: readonly string[]): HTMLElement {
  const box = element("div", "cm-card");
  const head = element("p", "cm-card__head");
  head.append(element("b", "cm-card__name", name), element("span", "cm-card__type", what));
  box.append(head, ...paragraphs.filter((text) => text !== "").map((text) => element("p", "cm-card__doc", text)));
  return box;
}

/** An element with text in it. */
export function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
