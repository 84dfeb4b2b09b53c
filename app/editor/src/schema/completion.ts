//! Completion in manifests, as CodeMirror shows it. Tab and Enter accept, Escape closes, Ctrl-Space asks.
//! It knows nothing of kinds itself, and loads what is known of them when the first of them matters.

import { acceptCompletion, autocompletion, type Completion, type CompletionContext, type CompletionResult, pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import { type Extension, Prec } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import { fieldCard, kindCard } from "./card.ts";
import { library } from "./library.ts";
import { needsKinds, type Option, optionsAt } from "./options.ts";
import { headOf, placeAt } from "./place.ts";
import { definitionsNear } from "./texts.ts";

/** What may be typed on while the same list is filtered. */
const SAME_LIST = /^[\w./$-]*$/;

/** Options that are drawn; nobody reads more, and typing narrows them down. */
const MOST_OPTIONS = 200;

/** Completion for a YAML document. */
export const completion: Extension = [
  autocompletion({ override: [complete], icons: false, maxRenderedOptions: MOST_OPTIONS }),
  Prec.highest(keymap.of([{ key: "Tab", run: acceptCompletion }])),
];

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context;
  const place = state.readOnly ? null : placeAt(state.doc, pos);
  if (!place || (place.typed === "" && !explicit)) return null;
  const head = headOf(state.doc, place.line);
  const kinds = needsKinds(place, head) ? await library.load() : null;
  if (context.aborted) return null;
  const options = optionsAt(state.doc, place, head, kinds, definitionsNear(state));
  // A word that is there already and is the only one that fits would only be put in again.
  if (options.length === 0 || (!explicit && options.some((one) => one.insert === place.typed))) return null;
  return { from: place.from, to: place.to, options: options.map(toCompletion), validFor: SAME_LIST };
}

function toCompletion(option: Option): Completion {
  const { of } = option;
  return {
    label: option.label,
    boost: option.rank ?? 0,
    apply: (view, picked, from, to) => put(view, option, picked, from, to),
    ...(option.detail === undefined ? {} : { detail: option.detail }),
    ...(of === undefined ? {} : { info: () => ("apiVersion" in of ? kindCard(of) : fieldCard(of)) }),
  };
}

function put(view: EditorView, option: Option, picked: Completion, from: number, to: number): void {
  const insert = view.state.toText(option.insert.replaceAll("\n", view.state.lineBreak));
  const above = option.above === undefined ? "" : view.state.toText(option.above + view.state.lineBreak);
  const changes = view.state.changes([
    { from: view.state.doc.lineAt(from).from, insert: above },
    { from, to, insert },
  ]);
  view.dispatch({
    changes,
    selection: { anchor: changes.mapPos(to, 1) },
    scrollIntoView: true,
    userEvent: "input.complete",
    annotations: pickedCompletion.of(picked),
  });
  if (option.asks) startCompletion(view);
}
