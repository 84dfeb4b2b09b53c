//! Text as it came and as CodeMirror holds it: line separators and the smallest replacement between two texts.
//! It never changes a byte: a text that is opened and read back is the same text.

import { Text } from "@codemirror/state";

/** What ends a line in a document. */
export type Separator = "\n" | "\r\n";

/**
 * `"\r\n"` when every line of `text` ends so, otherwise `"\n"`. In a mixed text the odd `\r` stays a character of its
 * line, shown as a special character, so that reading the text back loses nothing.
 */
export function separatorOf(text: string): Separator {
  return /\r\n/.test(text) && !/\r(?!\n)|(?<!\r)\n/.test(text) ? "\r\n" : "\n";
}

/** `text` as CodeMirror's own tree of lines, cut at `separator`. */
export function toDoc(text: string, separator: Separator): Text {
  return Text.of(text.split(separator));
}

/** `text` from a clipboard, with every kind of line end turned into `separator`. */
export function withSeparator(text: string, separator: string): string {
  return text.replace(/\r\n?|\n/g, separator);
}

/** One stretch of an old text, in UTF-16 units, and where its replacement ends in the new text. */
export interface Replacement {
  from: number;
  toOld: number;
  toNew: number;
}

/**
 * The smallest single stretch that turns `before` into `after`; null when they are equal. One stretch keeps the cursor,
 * the scroll position and the marks outside it where they were.
 */
export function replacement(before: string, after: string): Replacement | null {
  if (before === after) return null;
  const shortest = Math.min(before.length, after.length);
  let from = 0;
  while (from < shortest && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let same = 0;
  while (same < shortest - from && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  return { from, toOld: before.length - same, toNew: after.length - same };
}
