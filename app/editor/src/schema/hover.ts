//! What a field is, where the pointer rests on its name.
//! It opens for a pointer only; by the keyboard, the same stands beside each completion and in the bar.

import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { card, fieldCard, kindCard } from "./card.ts";
import { type Found, findOn, sentence } from "./finding.ts";
import { library } from "./library.ts";
import { headOf } from "./place.ts";
import { readRow } from "./rows.ts";
import { definitionsNear } from "./texts.ts";

/** How long the pointer must rest, in milliseconds: not to flicker on the way over the text. */
const REST_MS = 350;

/** The explanation of a YAML document's fields. */
export const explanation: Extension = hoverTooltip(explain, { hoverTime: REST_MS });

async function explain(view: EditorView, position: number): Promise<Tooltip | null> {
  const { doc } = view.state;
  const line = doc.lineAt(position);
  const head = headOf(doc, line.number);
  if (head.apiVersion === null || head.kind === null || !readRow(line.text)?.key) return null;
  const kinds = await library.load();
  if (!kinds || doc !== view.state.doc) return null;
  const found = findOn(doc, line.number, head, kinds, definitionsNear(view.state));
  if (!found || position < found.from || position > found.to) return null;
  return { pos: found.from, end: found.to, above: true, create: () => ({ dom: tooltip(found) }) };
}

function tooltip(found: Found): HTMLElement {
  const dom = cardOf(found);
  dom.setAttribute("role", "tooltip");
  return dom;
}

function cardOf({ is }: Found): HTMLElement {
  if ("unknown" in is) return card(is.unknown, "not known", [sentence(is)]);
  return "apiVersion" in is ? kindCard(is) : fieldCard(is);
}
