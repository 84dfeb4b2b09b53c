//! How a diff looks: added and removed by colour and by sign, gaps hatched, unchanged lines folded into a quiet row.
//! It adds to the theme that every view shares and changes nothing of an editor's.

import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** The sign before a line stands in its padding, so that it is neither selected nor copied. */
function signed(sign: string, tone: string): Record<string, string> {
  return { content: `"${sign}"`, position: "absolute", insetInlineStart: "var(--s2)", color: `var(--${tone})`, fontWeight: "600" };
}

/** To be used beside the shared theme, and before it. */
export const diffTheme: Extension = EditorView.theme({
  ".cm-line, .cm-deletedChunk .cm-deletedLine": { position: "relative", padding: "0 var(--s3) 0 22px" },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "var(--add)" },
  "&.cm-merge-a .cm-changedLine": { backgroundColor: "var(--del)" },
  ".cm-deletedChunk": { backgroundColor: "var(--del)", padding: "0" },
  "&.cm-merge-b .cm-changedLine::before": signed("+", "good"),
  "&.cm-merge-a .cm-changedLine::before, & .cm-deletedChunk .cm-deletedLine::before": signed("−", "bad"),
  "&.cm-merge-b .cm-changedText": { background: "var(--add-strong)", borderRadius: "2px" },
  "&.cm-merge-a .cm-changedText, &.cm-merge-b .cm-deletedChunk .cm-deletedText": { background: "var(--del-strong)", borderRadius: "2px" },
  // In a line that is new or gone as a whole, no word deserves more notice than another.
  "&.cm-merge-a .cm-whole-line .cm-changedText, &.cm-merge-b .cm-whole-line .cm-changedText": { background: "none" },
  "&.cm-merge-b .cm-deletedChunk del:not(:has(> :not(.cm-deletedText))) .cm-deletedText": { background: "none" },
  ".cm-mergeSpacer": { background: "repeating-linear-gradient(135deg, transparent 0 4px, var(--sunken) 4px 8px)" },
  ".cm-collapsedLines": {
    font: "500 var(--text-xs)/1.6 var(--font-ui)",
    color: "var(--ink-2)",
    background: "var(--sunken)",
    padding: "4px 22px",
    borderBlock: "1px solid var(--edge)",
    "&:before, &:after": { content: "none" },
    "&:hover": { background: "var(--hover)", color: "var(--ink)" },
  },
});
