//! A bar below a manifest: what the cursor is on, and which version of Kubernetes is meant.
//! It comes with the first completion or explanation, and takes no room before.

import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, type Panel, showPanel, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { element } from "./card.ts";
import { findOn, sentence } from "./finding.ts";
import { library } from "./library.ts";
import { headOf } from "./place.ts";
import { inWords } from "./shape.ts";
import { definitionsNear } from "./texts.ts";

const loaded = StateEffect.define<null>();

const shown = StateField.define<boolean>({
  create: () => library.loaded !== null,
  update: (is, transaction) => is || transaction.effects.some((effect) => effect.is(loaded)),
  provide: (field) => showPanel.from(field, (is) => (is ? createBar : null)),
});

/** Says in every editor that kinds are there, or others. */
const teller = ViewPlugin.fromClass(
  class {
    private readonly deaf: () => void;

    constructor(view: EditorView) {
      // Not inside of an update: kinds may be loaded by one.
      this.deaf = library.listen(() => queueMicrotask(() => view.dispatch({ effects: loaded.of(null) })));
    }

    destroy(): void {
      this.deaf();
    }
  },
);

/** The bar of a YAML document that can be edited. */
export const bar: Extension = [shown, teller];

function createBar(view: EditorView): Panel {
  const dom = element("div", "cm-kubernetes");
  const words = element("span", "cm-kubernetes__words");
  const hint = element("span", "cm-kubernetes__words");
  // Only what is not known is read out: a field at every step of the cursor would be noise.
  hint.setAttribute("role", "status");
  dom.append(words, hint, versionChoice());
  // Looked for when the text changes, not at every step of the cursor.
  let texts = definitionsNear(view.state);
  const say = () => {
    const [text, unknown] = wordsAt(view, texts);
    if (words.textContent !== text) words.textContent = text;
    if (hint.textContent !== unknown) hint.textContent = unknown;
  };
  say();
  return {
    dom,
    update: (update: ViewUpdate) => {
      const isTold = update.transactions.some((one) => one.effects.some((effect) => effect.is(loaded)));
      if (update.docChanged || isTold) texts = definitionsNear(view.state);
      if (update.docChanged || update.selectionSet || isTold) say();
    },
  };
}

/** What the cursor's line is, the kind or the field; or that its key is not known. */
function wordsAt(view: EditorView, texts: readonly string[]): [words: string, hint: string] {
  const kinds = library.loaded;
  const { doc, selection } = view.state;
  const { number } = doc.lineAt(selection.main.head);
  const head = headOf(doc, number);
  const kind = kinds?.find(head.apiVersion, head.kind, texts);
  if (!kinds || !kind) return ["", ""];
  const is = findOn(doc, number, head, kinds, texts)?.is;
  if (!is || "apiVersion" in is) return [`${kind.kind}, ${kind.apiVersion}`, ""];
  if ("unknown" in is) return ["", sentence(is)];
  return [`${kind.kind}: ${is.name}, ${inWords(is.shape)}${is.isRequired ? ", required" : ""}`, ""];
}

function versionChoice(): HTMLElement {
  const label = element("label", "cm-kubernetes__version", "Kubernetes ");
  const choice = document.createElement("select");
  for (const version of library.versions) choice.append(new Option(version, version, false, version === library.version));
  choice.onchange = () => library.choose(choice.value);
  label.append(choice);
  return label;
}
