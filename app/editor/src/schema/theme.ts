//! How completions, explanations, hints and the bar look: the page's tokens.
//! It sets no behaviour.

import { EditorView } from "@codemirror/view";

/** The look of what is known of kinds. */
export const schemaTheme = EditorView.theme({
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "var(--text-s)/1.6 var(--font-code)", maxBlockSize: "16em", minInlineSize: "220px", padding: "var(--s1)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { display: "flex", gap: "var(--s3)", justifyContent: "space-between", padding: "3px var(--s2)", borderRadius: "var(--r1)", color: "var(--ink)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--selected)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600", color: "var(--accent)" },
  ".cm-completionDetail": { margin: "0", fontStyle: "normal", fontFamily: "var(--font-ui)", color: "var(--ink-2)" },
  ".cm-tooltip.cm-completionInfo": { padding: "var(--s2) var(--s3)", maxInlineSize: "min(360px, 90vw)" },
  ".cm-tooltip.cm-tooltip-hover": { padding: "var(--s2) var(--s3)", maxInlineSize: "min(420px, 90vw)" },
  ".cm-card p": { margin: "0", font: "var(--text-s)/1.5 var(--font-ui)", whiteSpace: "normal", overflowWrap: "anywhere" },
  ".cm-card p + p": { marginBlockStart: "var(--s1)" },
  ".cm-card .cm-card__head": { display: "flex", flexWrap: "wrap", gap: "0 var(--s2)", alignItems: "baseline" },
  ".cm-card__name": { fontFamily: "var(--font-code)", fontWeight: "600" },
  ".cm-card__type": { color: "var(--ink-2)" },
  ".cm-unknown-key": { textDecoration: "underline dotted 1.5px var(--info)", textUnderlineOffset: "3px" },
  ".cm-kubernetes": { display: "flex", alignItems: "center", gap: "var(--s3)", minBlockSize: "26px", paddingInline: "var(--s3) var(--s2)", font: "var(--text-s)/1.4 var(--font-ui)", color: "var(--ink-2)" },
  ".cm-kubernetes__words": { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  ".cm-kubernetes__words:empty": { display: "none" },
  ".cm-kubernetes__version": { marginInlineStart: "auto", flex: "none", display: "inline-flex", alignItems: "center", gap: "var(--s1)" },
  ".cm-kubernetes select": { font: "inherit", color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--edge-strong)", borderRadius: "var(--r1)", padding: "0 var(--s1)" },
  ".cm-panels.cm-panels-bottom": { borderBlockStart: "1px solid var(--edge)" },
  "@media (pointer: coarse)": { ".cm-kubernetes": { minBlockSize: "40px" }, ".cm-kubernetes select": { minBlockSize: "32px", fontSize: "16px" } },
});
