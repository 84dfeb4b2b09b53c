//! What a key or a value in a manifest is, by what is known of its kind, and which keys are not known at all.
//! An unknown key is no mistake of its own: an API server may drop it or refuse it, and this only points at it.

import type { Text } from "@codemirror/state";
import type { Kinds } from "./library.ts";
import { type Head, headOf, pathTo } from "./place.ts";
import { readRow } from "./rows.ts";
import { type Field, follow, type Kind } from "./shape.ts";

/** A stretch of a document and what it is. */
export interface Found {
  readonly from: number;
  readonly to: number;
  readonly is: Field | Kind | Unknown;
}

/** A key that its object does not have. */
export interface Unknown {
  readonly unknown: string;
  /** The nearest name that it has; null where none is near. */
  readonly nearest: string | null;
}

/** Lines above that a key's place is looked for in where many keys are looked at; what is further away gets no hint. */
const MOST_LINES = 2_000;

/**
 * What the key of a line is, or, of a line that names the kind, its value; null where nothing is known of it, or where
 * its outermost key stands more than `most` lines above.
 */
export function findOn(doc: Text, lineNumber: number, head: Head, kinds: Kinds, texts: readonly string[], most?: number): Found | null {
  const line = doc.line(lineNumber);
  const row = readRow(line.text);
  if (!row || row.key === null || row.key === "<<") return null;
  const kind = kinds.find(head.apiVersion, head.kind, texts);
  const path = kind && pathTo(doc, lineNumber, row.column, row.dashes, most);
  if (!kind || !path) return null;
  if (path.length === 0 && row.key === "kind") return { from: line.from + row.column, to: line.to, is: kind };
  const shape = follow(kind.shape, path);
  if (shape?.is !== "object") return null;
  const stretch = { from: line.from + row.column, to: line.from + row.keyEnd };
  const field = shape.fields.get(row.key);
  if (field) return { ...stretch, is: field };
  return shape.isOpen ? null : { ...stretch, is: { unknown: row.key, nearest: nearest(row.key, shape.fields.keys()) } };
}

/** The keys from one line to another that their objects do not have. */
export function unknownKeys(doc: Text, first: number, last: number, kinds: Kinds, texts: readonly string[]): Found[] {
  const found: Found[] = [];
  let head: Head | null = null;
  for (let number = first; number <= last; number++) {
    // A document's head is the same on all its lines.
    if (/^(?:---|\.\.\.)/.test(doc.line(number).text)) head = null;
    else head ??= headOf(doc, number);
    const one = head && findOn(doc, number, head, kinds, texts, MOST_LINES);
    if (one && "unknown" in one.is) found.push(one);
  }
  return found;
}

/** An unknown key in words. */
export function sentence({ unknown, nearest }: Unknown): string {
  return nearest === null ? `No field \`${unknown}\` is known here.` : `No field \`${unknown}\` is known here. Did you mean \`${nearest}\`?`;
}

/** The name that differs least, in at most two fifths of the word's letters: two that are swapped count as two. */
export function nearest(word: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.floor(word.length * 0.4) + 1;
  for (const name of names) {
    const distance = name.toLowerCase() === word.toLowerCase() ? 0 : differences(word, name, least);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** How many letters must be put in, taken out or changed; `most` where there are as many or more. */
function differences(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) >= most) return most;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 0; at < one.length; at++) {
    const next = [at + 1];
    for (let to = 0; to < other.length; to++) {
      const change = (row[to] ?? 0) + (one[at] === other[to] ? 0 : 1);
      next.push(Math.min(change, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? most;
}
