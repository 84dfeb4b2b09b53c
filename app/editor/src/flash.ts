//! Draws the eye to a line for a moment after the page has jumped to it.
//! It moves nothing itself, and stays still where reduced motion is asked for.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

/** How long the line stays coloured, in milliseconds: long enough to find it, gone before typing starts. */
const SHOWN = 1_200;

/** The position whose line is to be coloured, or null for none. */
const setFlash = StateEffect.define<number | null>({ map: (at, changes) => (at === null ? null : changes.mapPos(at)) });

const flashLine = Decoration.line({ class: "cm-flash" });

/** Holds the coloured line, at most one. */
export const flashed = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    shown = shown.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setFlash)) shown = effect.value === null ? Decoration.none : Decoration.set(flashLine.range(effect.value));
    }
    return shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Flashes lines of one view, one at a time. */
export class Flash {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly view: EditorView) {}

  /** Colours the line that starts at `lineStart` for a moment. */
  show(lineStart: number): void {
    this.stop();
    this.view.dispatch({ effects: setFlash.of(lineStart) });
    this.timer = setTimeout(() => this.view.dispatch({ effects: setFlash.of(null) }), SHOWN);
  }

  /** Forgets a pending end; for when the view goes away or gets another document. */
  stop(): void {
    clearTimeout(this.timer);
  }
}
