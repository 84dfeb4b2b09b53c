//! One line of block YAML: its dashes, its key, and where its value begins.
//! It looks at no other line, so a document that is broken elsewhere can still be read here.

import { unquoted } from "./yaml_value.ts";

/** Columns that are looked at: keys stand at the left, and what is further right is text. */
export const MOST_COLUMNS = 1_000;

/** A line that holds something. Columns count from 0 in UTF-16 units. */
export interface Row {
  /** Where its dashes stand. */
  readonly dashes: readonly number[];
  /** Its key; null when it has none. */
  readonly key: string | null;
  /** Where its key begins, or its value when it has none. */
  readonly column: number;
  /** Behind the key, without the colon; its start when it has none. */
  readonly keyEnd: number;
  /** What follows, without spaces and comment. */
  readonly value: string;
  readonly valueColumn: number;
}

const INDENT = /^( *)((?:-(?: +|$))*)/;
const KEY = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:[^\s#&*!|>'"%@`[\]{},?:-]|-[^\s#])[^#]*?)[ \t]*:(?=[ \t]|$)[ \t]*/;
const SEPARATOR = /^(?:---|\.\.\.)(?=\s|$)/;

/** Whether a line ends one document and begins another. */
export function isSeparator(text: string): boolean {
  return SEPARATOR.test(text);
}

/** Where the content of a line begins, and its dashes. */
export function startOf(text: string): { column: number; dashes: number[] } {
  const [all = "", indent = "", marks = ""] = INDENT.exec(text) ?? [];
  const dashes: number[] = [];
  for (let at = 0; at < marks.length; at++) if (marks[at] === "-") dashes.push(indent.length + at);
  return { column: all.length, dashes };
}

/** Reads a line; null when it is empty or a comment. */
export function readRow(line: string): Row | null {
  const text = line.slice(0, MOST_COLUMNS);
  const { column, dashes } = startOf(text);
  const rest = text.slice(column);
  if ((rest.trim() === "" && dashes.length === 0) || rest.startsWith("#")) return null;
  const [all = "", key] = KEY.exec(rest) ?? [];
  const value = withoutComment(rest.slice(all.length));
  const name = key === undefined ? null : /^["']/.test(key) ? unquoted(key) : key;
  return { dashes, key: name, column, keyEnd: column + (key?.length ?? 0), value, valueColumn: column + all.length };
}

function withoutComment(text: string): string {
  if (text.startsWith("#")) return "";
  for (let at = text.indexOf(" #"); at >= 0; at = text.indexOf(" #", at + 1)) {
    if (isInComment(text, at + 2)) return text.slice(0, at).trimEnd();
  }
  return text.trimEnd();
}

/** Whether the column of a line is inside of its comment. */
export function isInComment(text: string, column: number): boolean {
  let quote = "";
  for (let at = 0; at < Math.min(column, text.length, MOST_COLUMNS); at++) {
    const character = text[at] ?? "";
    const before = text[at - 1] ?? " ";
    if (quote === "\"" && character === "\\") at++;
    else if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === "#" && /\s/.test(before)) return true;
    // Inside of a plain value, a quote is a character like any other.
    else if (/["']/.test(character) && /[\s:,[{-]/.test(before)) quote = character;
  }
  return false;
}

/** Whether a value leaves room for what follows on deeper lines: nothing stands there but an anchor or a tag. */
export function isOpenValue(value: string): boolean {
  return /^(?:[&!]\S*(?:\s+|$))*$/.test(value);
}
