//! Marks: the offending lines, with the reason of each under its line.
//! It shows what it is told and judges nothing; every message is text, never markup.

import { type EditorState, type Extension, type Range, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutterLineClass, WidgetType } from "@codemirror/view";

/** How bad a marked line is. */
export type Severity = "error" | "warning" | "info";

/**
 * A finding at a place of the document. Lines and columns count from 1, columns in Unicode characters; `endColumn` is
 * the first column behind the stretch. A place outside the document is moved to its nearest end.
 */
export interface Mark {
  line: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  severity: Severity;
  message: string;
  /** Who says so, such as the name of a module; shown before the message. */
  source?: string;
}

/** Marks shown at once. Each is an element under its line, and nobody reads more. */
const MOST_MARKS = 500;
/** Characters of a message that are shown; the whole of it belongs in the page's own lists. */
const MOST_CHARACTERS = 2_000;
/** Lines that one mark may colour, so that a mark over a whole large document costs little. */
const MOST_LINES = 1_000;

const RANK: Record<Severity, number> = { error: 2, warning: 1, info: 0 };
const SIGN: Record<Severity, string> = { error: "✕", warning: "!", info: "i" };

/** Shows these marks in place of those before. */
export const setMarks = StateEffect.define<readonly Mark[]>();

interface Shown {
  content: DecorationSet;
  gutter: RangeSet<GutterMarker>;
}

const NOTHING: Shown = { content: Decoration.none, gutter: RangeSet.empty };

/** Holds the marks of a document and moves them along as it is edited. */
export const marks = StateField.define<Shown>({
  create: () => NOTHING,
  update(shown, transaction) {
    if (transaction.docChanged) {
      shown = { content: shown.content.map(transaction.changes), gutter: shown.gutter.map(transaction.changes) };
    }
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) shown = draw(transaction.state, effect.value);
    }
    return shown;
  },
  provide: (field): Extension => [
    EditorView.decorations.from(field, (shown) => shown.content),
    gutterLineClass.from(field, (shown) => shown.gutter),
  ],
});

/** The position of `line` and `column` (both from 1, the column in Unicode characters), moved into the document. */
export function positionOf(doc: Text, line: number, column = 1): number {
  const found = doc.line(within(line, 1, doc.lines));
  let offset = 0;
  for (let passed = 1; passed < column && offset < found.length; passed++) {
    offset += (found.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return found.from + offset;
}

function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), least), most) : least;
}

/** A severity from outside may be any text; what is not known counts as the worst, so that it is not overlooked. */
function known(severity: Severity): Severity {
  return severity in RANK ? severity : "error";
}

/** A line's worst severity, and what is said under it. */
interface MarkedLine {
  severity: Severity;
  notes: Note[];
}

function draw(state: EditorState, all: readonly Mark[]): Shown {
  const lines = new Map<number, MarkedLine>();
  const content: Range<Decoration>[] = [];
  const gutter: Range<GutterMarker>[] = [];
  for (const [index, mark] of all.slice(0, MOST_MARKS).entries()) {
    const left = index === MOST_MARKS - 1 ? all.length - MOST_MARKS : 0;
    collect(state.doc, mark, left, lines);
    const stretch = stretchOf(state, mark);
    if (stretch) content.push(Decoration.mark({ class: `cm-mark-text cm-mark-text--${known(mark.severity)}` }).range(...stretch));
  }
  for (const [number, { severity, notes }] of lines) {
    const line = state.doc.line(number);
    content.push(Decoration.line({ class: `cm-mark-line cm-mark-line--${severity}` }).range(line.from));
    gutter.push(GUTTER[severity].range(line.from));
    if (notes.length > 0) content.push(Decoration.widget({ widget: new Notes(notes), block: true, side: 1 }).range(line.to));
  }
  return { content: Decoration.set(content, true), gutter: RangeSet.of(gutter, true) };
}

function collect(doc: Text, mark: Mark, left: number, lines: Map<number, MarkedLine>): void {
  const severity = known(mark.severity);
  const first = within(mark.line, 1, doc.lines);
  const last = within(mark.endLine ?? first, first, Math.min(doc.lines, first + MOST_LINES - 1));
  for (let number = first; number <= last; number++) {
    const line = lines.get(number) ?? { severity, notes: [] };
    if (RANK[severity] > RANK[line.severity]) line.severity = severity;
    if (number === first) line.notes.push(...notesOf(mark, severity, left));
    lines.set(number, line);
  }
}

function notesOf(mark: Mark, severity: Severity, left: number): Note[] {
  const text = mark.source ? `${mark.source}: ${mark.message}` : mark.message;
  const note = { severity, text: text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text };
  return left > 0 ? [note, { severity: "info", text: `${left} more marks are not shown here` }] : [note];
}

/** What to underline: nothing without a column, the word there without an end, otherwise all of it. */
function stretchOf(state: EditorState, mark: Mark): [number, number] | null {
  if (mark.column === undefined) return null;
  const from = positionOf(state.doc, mark.line, mark.column);
  const line = state.doc.lineAt(from);
  let to = state.wordAt(from)?.to ?? line.to;
  if (mark.endLine !== undefined || mark.endColumn !== undefined) {
    const endLine = mark.endLine ?? mark.line;
    to = mark.endColumn === undefined ? state.doc.line(within(endLine, 1, state.doc.lines)).to : positionOf(state.doc, endLine, mark.endColumn);
  }
  return from < to ? [from, to] : null;
}

class MarkedGutter extends GutterMarker {
  constructor(override readonly elementClass: string) {
    super();
  }
}

const GUTTER: Record<Severity, MarkedGutter> = {
  error: new MarkedGutter("cm-mark-gutter cm-mark-gutter--error"),
  warning: new MarkedGutter("cm-mark-gutter cm-mark-gutter--warning"),
  info: new MarkedGutter("cm-mark-gutter cm-mark-gutter--info"),
};

interface Note {
  severity: Severity;
  text: string;
}

/** The reasons under one line. */
class Notes extends WidgetType {
  constructor(private readonly notes: readonly Note[]) {
    super();
  }

  override eq(other: Notes): boolean {
    return this.notes.length === other.notes.length && this.notes.every((note, index) => sameNote(note, other.notes[index]));
  }

  override toDOM(): HTMLElement {
    const block = document.createElement("div");
    block.className = "cm-notes";
    block.append(...this.notes.map(drawNote));
    return block;
  }

  /** A first guess, one row of text for each note, until the browser has measured it; in CSS pixels. */
  override get estimatedHeight(): number {
    return this.notes.length * 26;
  }

  /** Leaves the mouse to the browser, so that a reason can be selected and copied. */
  override ignoreEvent(): boolean {
    return true;
  }
}

function sameNote(note: Note, other: Note | undefined): boolean {
  return note.severity === other?.severity && note.text === other.text;
}

function drawNote(note: Note): HTMLElement {
  const row = document.createElement("div");
  row.className = `cm-note cm-note--${note.severity}`;
  const sign = document.createElement("span");
  sign.className = "cm-note__sign";
  sign.textContent = SIGN[note.severity];
  sign.role = "img";
  sign.ariaLabel = note.severity;
  const text = document.createElement("span");
  text.textContent = note.text;
  row.append(sign, text);
  return row;
}
