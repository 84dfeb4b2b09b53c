//! Two texts compared, side by side or in one column, for reading only.
//! It compares text, not meaning: the order of keys and the quotes of a value count.

import { defaultKeymap } from "@codemirror/commands";
import { goToNextChunk, goToPreviousChunk, MergeView, unifiedMergeView } from "@codemirror/merge";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { diffTheme } from "./diff_theme.ts";
import { readOnly } from "./editor.ts";
import { type Language, languageSupport } from "./languages.ts";
import { type Grain, lineDiff } from "./line_diff.ts";
import { emptyShadow } from "./shadow.ts";
import { appearance, theme } from "./theme.ts";

/** What a diff shows. */
export interface DiffOptions {
  before: string;
  after: string;
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

const ROUGH: Record<Grain, string | null> = {
  letters: null,
  lines: "many or long changes: some changed lines are marked whole, not word by word",
  blocks: "the texts differ in long stretches: those are marked as one block each, not line by line",
};

/** Mounts a diff in the shadow root of `host`, which decides its size. */
export function createDiff(host: HTMLElement, options: DiffOptions): Diff {
  const dark = new Compartment();
  const compared = new Comparison(options);
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

/** Compares once, remembering how finely. */
class Comparison {
  private grain: Grain = "letters";

  constructor(private readonly options: DiffOptions) {}

  /** As CodeMirror asks for it. */
  readonly config = {
    override: (before: string, after: string) => {
      const { changes, grain } = lineDiff(before, after);
      this.grain = grain;
      return changes;
    },
  };

  get note(): string | null {
    const { before, after } = this.options;
    if (before !== after && unixLines(before) === unixLines(after)) return "only the line ends differ";
    return ROUGH[this.grain];
  }
}

function unixLines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function mountSplit(root: ShadowRoot, options: DiffOptions, compared: Comparison, dark: Compartment): Views {
  const merge = new MergeView({
    a: { doc: options.before, extensions: reading(options, `${options.label}, before`, dark) },
    b: { doc: options.after, extensions: reading(options, `${options.label}, after`, dark) },
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

function mountUnified(root: ShadowRoot, options: DiffOptions, compared: Comparison, dark: Compartment): Views {
  const unified = unifiedMergeView({
    original: unixLines(options.before),
    gutter: false,
    mergeControls: false,
    collapseUnchanged: CONTEXT,
    diffConfig: compared.config,
  });
  const view = new EditorView({ doc: options.after, extensions: [reading(options, options.label, dark), unified], root, parent: root });
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
    theme,
    diffTheme,
    EditorView.contentAttributes.of({ "aria-label": label }),
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
