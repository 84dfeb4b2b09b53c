//! What the page imports: an editor and a diff, nothing else.
//! It holds no state and starts nothing when it is loaded.

export { createEditor, type Editor, type EditorOptions } from "./editor.ts";
export { compare, type Compared, createDiff, type Diff, type DiffOptions } from "./diff.ts";
export type { Language } from "./languages.ts";
export type { Mark, Severity } from "./marks.ts";
