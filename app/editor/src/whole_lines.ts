//! Tells lines that are new or gone as a whole from lines in which words changed.
//! It looks only at what is on the screen, and leaves the comparison to others.

import { type Chunk, getChunks } from "@codemirror/merge";
import { type EditorState, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

const wholeLine = Decoration.line({ class: "cm-whole-line" });

/** A changed stretch on the side that is looked at, in positions of its document. */
interface Stretch {
  from: number;
  to: number;
}

function stretchesOf(chunk: Chunk, isA: boolean): Stretch[] {
  const start = isA ? chunk.fromA : chunk.fromB;
  return chunk.changes.map((change) => (isA ? { from: start + change.fromA, to: start + change.toA } : { from: start + change.fromB, to: start + change.toB }));
}

/** Marks the lines of `stretch` that it covers, indentation apart, from `least` to `most`. */
function cover(state: EditorState, stretch: Stretch, least: number, most: number, builder: RangeSetBuilder<Decoration>, done: number): number {
  let at = Math.max(stretch.from, least);
  const end = Math.min(stretch.to, most);
  while (at < end) {
    const line = state.doc.lineAt(at);
    const indent = line.text.length - line.text.trimStart().length;
    if (line.from > done && stretch.from <= line.from + indent && stretch.to >= line.to) {
      builder.add(line.from, line.from, wholeLine);
      done = line.from;
    }
    at = line.to + 1;
  }
  return done;
}

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const found = getChunks(view.state);
  const isA = found?.side === "a";
  const { from, to } = view.viewport;
  let done = -1;
  for (const chunk of found?.chunks ?? []) {
    if ((isA ? chunk.fromA : chunk.fromB) > to) break;
    if ((isA ? chunk.toA : chunk.toB) < from) continue;
    for (const stretch of stretchesOf(chunk, isA)) done = cover(view.state, stretch, from, to, builder, done);
  }
  return builder.finish();
}

/** Gives such lines the class `cm-whole-line`; for the views of a diff. */
export const wholeLines = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update(update: ViewUpdate): void {
      const isOther = getChunks(update.startState)?.chunks !== getChunks(update.state)?.chunks;
      if (isOther || update.viewportChanged) this.decorations = decorate(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
