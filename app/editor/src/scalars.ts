//! Colours the unquoted YAML values that kubectl does not read as strings, which the grammar leaves plain.
//! It looks only at what is on the screen, and it colours: it does not warn.

import { syntaxTree } from "@codemirror/language";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

/** Values longer than this are strings for certain; it bounds the work on one value. */
const LONGEST = 40;

/** Null, the YAML 1.1 booleans and the numbers, as go-yaml v2 (and so kubectl) resolves them. */
const NOT_A_STRING =
  /^(?:~|null|Null|NULL|[yY]|[nN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0o?[0-7_]+|[-+]?(?:[0-9][0-9_]*)(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Whether kubectl reads the unquoted YAML value `text` as something other than a string. */
export function isNotString(text: string): boolean {
  return text.length <= LONGEST && NOT_A_STRING.test(text);
}

const scalar = Decoration.mark({ class: "cm-plain-scalar" });

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = -1;
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        if (node.name === "Key") return false;
        // Two visible stretches can meet inside one value, which is to be marked once.
        if (node.name !== "Literal" || node.from < last) return undefined;
        last = node.to;
        if (isNotString(view.state.sliceDoc(node.from, Math.min(node.to, node.from + LONGEST + 1)))) {
          builder.add(node.from, node.to, scalar);
        }
        return undefined;
      },
    });
  }
  return builder.finish();
}

/** Marks such values with the class `cm-plain-scalar`; meant for YAML documents only. */
export const plainScalars = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state)) {
        this.decorations = decorate(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
