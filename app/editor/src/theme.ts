//! How every view looks: the page's tokens, which inherit into shadow roots, and nothing literal beside them.
//! It sets no behaviour. Light and dark differ in the tokens' values only.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Line numbers: the quietest ink that can still be read on the surface (contrast 4.5 and more). */
const QUIET = "color-mix(in srgb, var(--ink-3) 50%, var(--ink-2))";
/** Comments: as quiet as the coloured lines of a diff and of marks leave them legible. */
const COMMENT = "color-mix(in srgb, var(--code-cmt) 30%, var(--ink-2))";

const view = EditorView.theme({
  "&": { blockSize: "100%", color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "var(--text-code, 12.5px)" },
  "&.cm-focused": { outline: "none" },
  // Drawn above the gutters, which would cover an outline.
  "&.cm-focused::after": { content: '""', position: "absolute", inset: "0", zIndex: "300", border: "1px solid var(--accent)", pointerEvents: "none" },
  // A container for the notes under marked lines, which are as wide as what is seen and not as the longest line.
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.6", overflow: "auto", containerType: "inline-size" },
  ".cm-content": { padding: "var(--s2) 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 var(--s4) 0 var(--s2)" },
  ".cm-cursor, .cm-dropCursor": { borderInlineStartColor: "var(--ink)", borderInlineStartWidth: "2px" },
  "& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: "var(--selected)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: "var(--selected)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--hover) 45%, transparent)" },
  "&.cm-focused .cm-activeLineGutter": { color: "var(--ink)" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", boxShadow: "inset 0 -1px var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-specialChar": { color: "var(--bad)" },
  ".cm-plain-scalar": { color: "var(--code-num)" },
  // A phone that zooms in on text smaller than this when it is edited does not zoom out again.
  "@media (pointer: coarse) and (max-width: 720px)": { ".cm-scroller:has(> [contenteditable=true])": { fontSize: "16px" } },
});

const gutters = EditorView.theme({
  ".cm-gutters": { backgroundColor: "var(--surface)", color: QUIET, border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minInlineSize: "40px", paddingInline: "var(--s2) 2px" },
  ".cm-foldGutter .cm-gutterElement": { inlineSize: "14px", textAlign: "center", cursor: "pointer" },
  ".cm-foldGutter span": { opacity: "0", transition: "opacity var(--motion)" },
  ".cm-gutters:hover .cm-foldGutter span, .cm-foldGutter span[data-closed]": { opacity: "1" },
  "@media (pointer: coarse)": { ".cm-foldGutter span": { opacity: "1" } },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunken)", border: "1px solid var(--edge)", color: "var(--ink-2)", borderRadius: "var(--r1)", padding: "0 var(--s1)", marginInline: "var(--s1)" },
});

/** One severity's colours; `tone` is the stem of its tokens. */
function severity(name: string, tone: string): Record<string, Record<string, string>> {
  return {
    [`& .cm-mark-line--${name}, &.cm-focused .cm-mark-line--${name}`]: { backgroundColor: `var(--${tone}-soft)` },
    [`& .cm-mark-gutter--${name}, &.cm-focused .cm-mark-gutter--${name}`]: { backgroundColor: `var(--${tone}-soft)`, color: "var(--ink-2)" },
    [`.cm-lineNumbers .cm-mark-gutter--${name}`]: { boxShadow: `inset 3px 0 var(--${tone})` },
    [`.cm-mark-text--${name}`]: { textDecoration: `underline 1.5px var(--${tone})`, textUnderlineOffset: "3px" },
    [`.cm-note--${name}`]: { color: `var(--${tone})` },
  };
}

const marked = EditorView.theme({
  ...severity("info", "info"),
  ...severity("warning", "warn"),
  ...severity("error", "bad"),
  ".cm-notes": { position: "sticky", insetInlineStart: "64px", inlineSize: "max-content", maxInlineSize: "calc(100cqi - 72px)", padding: "3px var(--s4) 5px var(--s2)" },
  ".cm-note": { display: "flex", gap: "6px", font: "500 var(--text-s)/1.5 var(--font-ui)", whiteSpace: "pre-wrap", overflowWrap: "anywhere", cursor: "text", userSelect: "text" },
  ".cm-note__sign": { flex: "none", fontWeight: "700", inlineSize: "1em", textAlign: "center" },
  ".cm-flash": { animation: "drydock-flash 1.2s ease-out" },
  "@media (prefers-reduced-motion: reduce)": { ".cm-flash": { animation: "none", boxShadow: "inset 0 0 0 1px var(--accent)" } },
  // No last frame: the line fades to whatever it wears, be it a mark.
  "@keyframes drydock-flash": { "0%, 60%": { backgroundColor: "var(--accent-soft)" } },
});

const panels = EditorView.theme({
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
  ".cm-panels.cm-panels-top": { borderBlockEnd: "1px solid var(--edge)" },
  ".cm-panel.cm-search": { font: "var(--text-s)/1.5 var(--font-ui)", display: "flex", flexWrap: "wrap", alignItems: "center", gap: "6px", padding: "var(--s2) 36px var(--s2) var(--s3)" },
  ".cm-panel.cm-search br": { flexBasis: "100%", content: '""' },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "var(--s1)", margin: "0", color: "var(--ink-2)", fontSize: "inherit" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button": { margin: "0" },
  ".cm-panel.cm-search [name=close]": { insetBlockStart: "var(--s2)", insetInlineEnd: "var(--s2)", inlineSize: "24px", blockSize: "24px", fontSize: "var(--text-l)", color: "var(--ink-2)", borderRadius: "var(--r1)" },
  ".cm-textfield": { font: "var(--text-s)/1.5 var(--font-code)", color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--edge-strong)", borderRadius: "var(--r1)", padding: "2px var(--s2)" },
  ".cm-button": { font: "520 var(--text-s)/1.5 var(--font-ui)", color: "var(--ink)", background: "var(--raised)", border: "1px solid var(--edge-strong)", borderRadius: "var(--r1)", padding: "2px var(--s2)", "&:active": { background: "var(--hover)" } },
  ".cm-panel input[type=checkbox]": { accentColor: "var(--accent)" },
  ".cm-panel :focus-visible": { outline: "none", boxShadow: "var(--focus)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--warn)", outlineOffset: "-1px" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)", outlineColor: "var(--accent)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: "var(--r1)", boxShadow: "var(--shadow)" },
  "@media (pointer: coarse)": { ".cm-textfield": { fontSize: "16px" }, ".cm-button": { minBlockSize: "36px" } },
});

const code = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName, tags.labelName], color: "var(--code-key)" },
  { tag: [tags.string, tags.special(tags.string), tags.character], color: "var(--code-str)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-num)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: COMMENT },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.typeName, tags.meta, tags.documentMeta], color: "var(--code-kw)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))], color: "var(--code-key)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: "var(--ink-2)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

/**
 * The look that every view shares; `appearance` says which of CodeMirror's own base themes fills what is left. What comes
 * first wins: a marked line stays marked where the cursor is.
 */
export const theme: Extension = [marked, view, gutters, panels, syntaxHighlighting(code)];

/** Tells CodeMirror whether the tokens hold dark colours now. */
export function appearance(dark: boolean): Extension {
  return EditorView.darkTheme.of(dark);
}
