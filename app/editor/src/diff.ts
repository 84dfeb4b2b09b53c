//! Two texts compared, side by side or in one column, for reading only.
//! It compares text, not meaning: the order of keys and the quotes of a value count.

import { defaultKeymap } from "@codemirror/commands";
import { type Change, goToNextChunk, goToPreviousChunk, MergeView, unifiedMergeView } from "@codemirror/merge";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { diffTheme } from "./diff_theme.ts";
import { type Language, languageSupport } from "./languages.ts";
import { type Grain, type LineDiff, lineDiff, MOST_STRETCHES } from "./line_diff.ts";
import { readOnly } from "./read_only.ts";
import { emptyShadow } from "./shadow.ts";
import { inTurns, type Steps } from "./steps.ts";
import { toDoc, withSeparator } from "./text.ts";
import { appearance, theme } from "./theme.ts";
import { wholeLines } from "./whole_lines.ts";

/** How a diff is shown. */
export interface DiffOptions {
  language: Language;
  /** The accessible name; side by side, "before" and "after" are added for the two texts. */
  label: string;
  /** Whether the page's tokens hold dark colours. */
  dark: boolean;
  mode: "split" | "unified";
}

/** A mounted diff. */
export interface Diff {
  /** What a reader must know about the comparison, such as that it is a rough one; null when there is nothing to say. */
  readonly note: string | null;
  setDark(dark: boolean): void;
  /** Removes the diff; the host can be used for another. */
  destroy(): void;
}

/** Lines of unchanged text that stay visible around a change, and the fewest that are worth folding away. */
const CONTEXT = { margin: 3, minSize: 4 };

/** Characters of each text that are compared; twice this much takes about a tenth of a second. */
const MOST_CHARACTERS = 4_000_000;

const ROUGH: Record<Grain, string | null> = {
  letters: null,
  lines: "many or long changes: some changed lines are marked whole, not word by word",
  blocks: "the texts differ in long stretches: those are marked as one block each, not line by line",
};

/** Two texts as they are shown, and what is to be said about them. */
export interface Compared {
  before: Text;
  after: Text;
  /** Hands the differences to CodeMirror when it asks for them; it rearranges the list that it gets. */
  config: { override: () => Change[] };
  note: string | null;
}

/** Compares two texts, with turns in between so that the page goes on meanwhile. */
export function compare(before: string, after: string): Promise<Compared> {
  return inTurns(comparison(before, after));
}

/** Mounts a diff in the shadow root of `host`, which decides its size. */
export function createDiff(host: HTMLElement, compared: Compared, options: DiffOptions): Diff {
  const dark = new Compartment();
  const root = emptyShadow(host);
  const views = options.mode === "split" ? mountSplit(root, options, compared, dark) : mountUnified(root, options, compared, dark);
  return {
    note: compared.note,
    setDark: (isDark) => views.each((view) => view.dispatch({ effects: dark.reconfigure(appearance(isDark)) })),
    destroy: () => views.destroy(),
  };
}

/** The views of a diff, whichever its mode. */
interface Views {
  each(act: (view: EditorView) => void): void;
  destroy(): void;
}

function* comparison(before: string, after: string): Steps<Compared> {
  const a = readable(before);
  const b = readable(after);
  const found = yield* lineDiff(a, b);
  yield;
  return {
    before: toDoc(a.slice(0, found.cut?.a), "\n"),
    after: toDoc(b.slice(0, found.cut?.b), "\n"),
    config: { override: () => [...found.changes] },
    note: noteOf(before, after, a === b, found),
  };
}

/** `text` with one kind of line end, as far as it is compared; cut behind a line where that is possible. */
function readable(text: string): string {
  const unix = text.includes("\r") ? withSeparator(text, "\n") : text;
  if (unix.length <= MOST_CHARACTERS) return unix;
  const end = unix.lastIndexOf("\n", MOST_CHARACTERS);
  return unix.slice(0, end < 0 ? MOST_CHARACTERS : end + 1);
}

function noteOf(before: string, after: string, isSame: boolean, found: LineDiff): string | null {
  const isClipped = Math.max(before.length, after.length) > MOST_CHARACTERS;
  if (isSame && before !== after && !isClipped) return "only the line ends differ";
  const notes = [
    isClipped ? `only the first ${MOST_CHARACTERS / 1_000_000} million characters of each text are compared` : null,
    found.cut ? `only the first ${MOST_STRETCHES} of ${found.count} changes are shown` : null,
    ROUGH[found.grain],
  ].filter((note) => note !== null);
  return notes.length > 0 ? notes.join("; ") : null;
}

function mountSplit(root: ShadowRoot, options: DiffOptions, compared: Compared, dark: Compartment): Views {
  const merge = new MergeView({
    a: { doc: compared.before, extensions: reading(options, `${options.label}, before`, dark) },
    b: { doc: compared.after, extensions: reading(options, `${options.label}, after`, dark) },
    root,
    parent: root,
    gutter: false,
    collapseUnchanged: CONTEXT,
    diffConfig: compared.config,
  });
  return {
    each: (act) => [merge.a, merge.b].forEach(act),
    destroy: () => merge.destroy(),
  };
}

function mountUnified(root: ShadowRoot, options: DiffOptions, compared: Compared, dark: Compartment): Views {
  const unified = unifiedMergeView({
    original: compared.before,
    gutter: false,
    mergeControls: false,
    collapseUnchanged: CONTEXT,
    diffConfig: compared.config,
  });
  const view = new EditorView({ doc: compared.after, extensions: [reading(options, options.label, dark), unified], root, parent: root });
  return { each: (act) => act(view), destroy: () => view.destroy() };
}

/** What every view of a diff has. */
function reading(options: DiffOptions, label: string, dark: Compartment): Extension {
  return [
    readOnly,
    keymap.of([
      { key: "F7", run: goToNextChunk },
      { key: "Shift-F7", run: goToPreviousChunk },
      { key: "Enter", run: unfold },
      ...searchKeymap,
      ...defaultKeymap,
    ]),
    drawSelection(),
    highlightSpecialChars(),
    EditorState.allowMultipleSelections.of(true),
    search({ top: true }),
    languageSupport(options.language),
    dark.of(appearance(options.dark)),
    wholeLines,
    diffTheme,
    theme,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
  ];
}

/** Shows the next unchanged lines that are folded away, from the cursor on; a click on them does the same. */
function unfold(view: EditorView): boolean {
  const cursor = view.state.doc.lineAt(view.state.selection.main.head).from;
  const folded = [...view.contentDOM.querySelectorAll<HTMLElement>(".cm-collapsedLines")];
  const next = folded.find((one) => view.posAtDOM(one) >= cursor) ?? folded[0];
  next?.click();
  return next !== undefined;
}
