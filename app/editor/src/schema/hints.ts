//! Points at keys that their objects do not have, once what is known of kinds was loaded for something else.
//! It looks only at what is on the screen, and it never calls anything an error: that is for a run to say.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { unknownKeys } from "./finding.ts";
import { library } from "./library.ts";
import { definitionsNear } from "./texts.ts";

/** How long typing must pause before the keys are looked at again, in milliseconds. */
const PAUSE = 300;

/** Underlines such keys in a YAML document; what there is to say stands in the tooltip and in the bar. */
export const hints = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet = Decoration.none;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private readonly deaf: () => void;

    constructor(private readonly view: EditorView) {
      this.deaf = library.listen(() => this.lookSoon());
      if (library.loaded) this.lookSoon();
    }

    update(update: ViewUpdate): void {
      this.decorations = this.decorations.map(update.changes);
      if (library.loaded && (update.docChanged || update.viewportChanged)) this.lookSoon();
    }

    destroy(): void {
      clearTimeout(this.timer);
      this.deaf();
    }

    private lookSoon(): void {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), PAUSE);
    }

    private look(): void {
      const drawn = decorate(this.view);
      if (drawn.size === 0 && this.decorations.size === 0) return;
      this.decorations = drawn;
      // Nothing changed but what is drawn.
      this.view.dispatch({});
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const unknown = Decoration.mark({ class: "cm-unknown-key" });

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const kinds = library.loaded;
  if (!kinds) return Decoration.none;
  const { doc } = view.state;
  const texts = definitionsNear(view.state);
  const [first, last] = [doc.lineAt(view.viewport.from).number, doc.lineAt(view.viewport.to).number];
  for (const { from, to } of unknownKeys(doc, first, last, kinds, texts)) builder.add(from, to, unknown);
  return builder.finish();
}
