//! The editor of one document at a time, as the page drives it.
//! It keeps no document but the one that is open, and reports only what a person changed, never what the page set.

import { history, isolateHistory } from "@codemirror/commands";
import { bracketMatching, foldGutter, indentOnInput } from "@codemirror/language";
import { highlightSelectionMatches, search } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  lineNumbers,
  rectangularSelection,
  type ViewUpdate,
} from "@codemirror/view";
import { Flash, flashed } from "./flash.ts";
import { editorKeys } from "./keys.ts";
import { type Language, languageSupport } from "./languages.ts";
import { type Mark, marks, positionOf, setMarks } from "./marks.ts";
import { PendingChange } from "./pending.ts";
import { readOnly } from "./read_only.ts";
import { manifestSupport } from "./schema/manifest.ts";
import type { Texts } from "./schema/texts.ts";
import { emptyShadow } from "./shadow.ts";
import { replacement, separatorOf, toDoc, withSeparator } from "./text.ts";
import { appearance, theme } from "./theme.ts";

/** What an editor starts with. */
export interface EditorOptions {
  doc: string;
  language: Language;
  /** The accessible name of the text field. */
  label: string;
  /** Text can be read, searched and copied, and not changed. Default: false. */
  readOnly?: boolean;
  /** Whether the page's tokens hold dark colours. */
  dark: boolean;
  /**
   * Receives the document after a person changed it: 250 ms after the last change (600 ms above a million characters),
   * at once when the editor loses the focus, and inside `getDoc` and `openDoc` when a change is still waiting.
   */
  onChange?: (doc: string) => void;
  /**
   * Gives the texts, besides the document, whose CustomResourceDefinitions define kinds. Called when something is to be
   * completed or explained, so it should be quick.
   */
  definitions?: Texts;
  /** Called on Mod-Enter, after a waiting change was reported. */
  onRun?: () => void;
}

/** A mounted editor. After `destroy` no other method may be called. */
export interface Editor {
  /** The document with the line ends it came with. A waiting change is reported through `onChange` first. */
  getDoc(): string;
  /**
   * Makes the document equal `text` as one step that can be undone, keeping cursor, scroll position and marks where the
   * text around them stays; does nothing when it is equal already. Not reported; a waiting change is dropped with it,
   * but can be undone to.
   */
  setDoc(text: string): void;
  /**
   * Puts another document in, with an empty history and no marks. A waiting change of the old document is reported
   * first, to the old `onChange`; from then on `onChange` hears of the new one, where given.
   */
  openDoc(text: string, language: Language, onChange?: (doc: string) => void): void;
  setLanguage(language: Language): void;
  setDark(dark: boolean): void;
  /** Shows these marks instead of those before; at most 500. They move along with edits until replaced. */
  setMarks(marks: readonly Mark[]): void;
  /** Puts the cursor at the place (both from 1), brings it into view, flashes its line and takes the focus. */
  reveal(line: number, column?: number): void;
  focus(): void;
  /** Reports a waiting change and removes the editor; the host can be used for another. */
  destroy(): void;
}

/** Mounts an editor in the shadow root of `host`, which decides its size. */
export function createEditor(host: HTMLElement, options: EditorOptions): Editor {
  return new CodeEditor(host, options);
}

/** Marks the transactions that the page made, of which it need not hear. */
const fromPage = Annotation.define<boolean>();

class CodeEditor implements Editor {
  private readonly view: EditorView;
  private readonly flash: Flash;
  private readonly pending = new PendingChange(() => this.onChange?.(this.text()));
  private readonly separator = new Compartment();
  private readonly languageSlot = new Compartment();
  private readonly appearanceSlot = new Compartment();
  private onChange: ((doc: string) => void) | undefined;
  private dark: boolean;

  constructor(
    host: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    this.onChange = options.onChange;
    this.dark = options.dark;
    const root = emptyShadow(host);
    this.view = new EditorView({ state: this.open(options.doc, options.language), root, parent: root });
    this.flash = new Flash(this.view);
  }

  getDoc(): string {
    this.pending.flush();
    return this.text();
  }

  setDoc(text: string): void {
    this.pending.cancel();
    const separator = separatorOf(text);
    const isOther = separator !== this.view.state.lineBreak;
    const doc = toDoc(text, separator);
    const found = replacement(this.view.state.doc.toString(), doc.toString());
    if (!found && !isOther) return;
    this.view.dispatch({
      changes: found ? { from: found.from, to: found.toOld, insert: doc.slice(found.from, found.toNew) } : [],
      effects: isOther ? this.separator.reconfigure(EditorState.lineSeparator.of(separator)) : [],
      annotations: [fromPage.of(true), isolateHistory.of("full")],
    });
  }

  openDoc(text: string, language: Language, onChange?: (doc: string) => void): void {
    this.pending.flush();
    this.onChange = onChange ?? this.onChange;
    this.flash.stop();
    this.view.setState(this.open(text, language));
  }

  setLanguage(language: Language): void {
    this.view.dispatch({ effects: this.languageSlot.reconfigure(this.support(language)) });
  }

  setDark(dark: boolean): void {
    this.dark = dark;
    this.view.dispatch({ effects: this.appearanceSlot.reconfigure(appearance(dark)) });
  }

  setMarks(all: readonly Mark[]): void {
    this.view.dispatch({ effects: setMarks.of(all) });
  }

  reveal(line: number, column?: number): void {
    const { doc } = this.view.state;
    const at = positionOf(doc, line, column);
    const found = doc.lineAt(at);
    this.view.dispatch({
      selection: { anchor: at },
      effects: [EditorView.scrollIntoView(at, { y: "center" }), EditorView.announce.of(`Line ${found.number}`)],
    });
    this.flash.show(found.from);
    this.view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  destroy(): void {
    this.pending.flush();
    this.flash.stop();
    this.view.destroy();
  }

  /** The document with its own line ends. */
  private text(): string {
    return this.view.state.sliceDoc();
  }

  private open(text: string, language: Language): EditorState {
    const separator = separatorOf(text);
    return EditorState.create({
      doc: toDoc(text, separator),
      extensions: [
        this.separator.of(EditorState.lineSeparator.of(separator)),
        this.languageSlot.of(this.support(language)),
        this.appearanceSlot.of(appearance(this.dark)),
        this.fixed(),
      ],
    });
  }

  private support(language: Language): Extension {
    const { readOnly, definitions } = this.options;
    return [languageSupport(language), language === "yaml" ? manifestSupport(readOnly ?? false, definitions) : []];
  }

  /** What stays the same for every document of this editor. */
  private fixed(): Extension {
    return [
      editorKeys(this.options.onRun && (() => this.run())),
      lineNumbers(),
      foldGutter({ markerDOM: foldMarker }),
      history(),
      drawSelection(),
      dropCursor(),
      rectangularSelection(),
      EditorState.allowMultipleSelections.of(true),
      highlightSpecialChars(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      bracketMatching(),
      indentOnInput(),
      search({ top: true }),
      marks,
      flashed,
      theme,
      EditorView.contentAttributes.of({ "aria-label": this.options.label, tabindex: "0" }),
      EditorView.clipboardInputFilter.of((text, state) => withSeparator(text, state.lineBreak)),
      EditorView.domEventHandlers({ blur: () => this.pending.flush(), drop: hasFiles }),
      EditorView.updateListener.of((update) => this.heed(update)),
      this.options.readOnly ? readOnly : [],
    ];
  }

  private run(): void {
    this.pending.flush();
    this.options.onRun?.();
  }

  private heed(update: ViewUpdate): void {
    const isTyped = update.transactions.some((one) => one.docChanged && !one.annotation(fromPage));
    if (isTyped) this.pending.schedule(update.state.doc.length);
  }
}

/** Whether files are dropped. They are the page's to open: as text in a document, a module would be noise. */
function hasFiles(event: DragEvent): boolean {
  return (event.dataTransfer?.files.length ?? 0) > 0;
}

function foldMarker(isOpen: boolean): HTMLElement {
  const marker = document.createElement("span");
  marker.textContent = isOpen ? "⌄" : "›";
  marker.title = isOpen ? "Fold" : "Unfold";
  if (!isOpen) marker.dataset["closed"] = "";
  return marker;
}
