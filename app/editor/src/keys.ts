//! The keys of the editor: CodeMirror's own, Tab to indent, Escape to leave, and the page's Run.
//! It takes no key that a browser needs, and never holds on to the focus.

import { defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import { foldKeymap } from "@codemirror/language";
import { searchKeymap } from "@codemirror/search";
import { type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

/**
 * Takes the focus out of `view`. The browser goes on from here, so the next Tab reaches what follows the editor and not
 * the editor again.
 */
function leave(view: EditorView): boolean {
  view.dispatch({ effects: EditorView.announce.of("Left the editor. Tab moves on.") });
  view.contentDOM.blur();
  return true;
}

/** The keys of an editor; without `onRun`, Mod-Enter is left to the page. */
export function editorKeys(onRun: (() => void) | undefined): Extension {
  const run = () => {
    onRun?.();
    return true;
  };
  return [
    Prec.highest(keymap.of(onRun ? [{ key: "Mod-Enter", run }] : [])),
    // Escape comes last: it first closes the search panel and drops extra cursors.
    keymap.of([...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap, indentWithTab, { key: "Escape", run: leave }]),
  ];
}
