//! Where in a manifest a position is: the path to it, by indentation alone.
//! It parses nothing, so half-typed lines elsewhere do not matter; where indentation does not tell, it says nothing.

import type { Line, Text } from "@codemirror/state";
import { isInComment, isOpenValue, isSeparator, MOST_COLUMNS, readRow, startOf } from "./rows.ts";
import { ITEM, type Step } from "./shape.ts";
import { unquoted } from "./yaml_value.ts";

/** Lines that are walked in one direction, so that a key in an enormous document costs little. */
const MOST_LINES = 20_000;

/** What names a document's kind; null where it does not say. */
export interface Head {
  readonly apiVersion: string | null;
  readonly kind: string | null;
  /** Where the line of its `kind` begins. */
  readonly kindFrom: number | null;
}

/** A place where something can be typed. */
export interface Place {
  /** A key of a mapping, the value behind a key, or an item: the first key of a mapping in a list, or a value of it. */
  readonly role: "key" | "value" | "item";
  /** The mapping that a key belongs to; with the key's name where it is a value; with the item where it is one. */
  readonly path: readonly Step[];
  /** What was typed already, and where it begins and ends. */
  readonly typed: string;
  readonly from: number;
  readonly to: number;
  /** Whether a colon follows, so that the key is being replaced. */
  readonly hasColon: boolean;
  /** The column that keys of this mapping stand in. */
  readonly column: number;
  /** The line's number. */
  readonly line: number;
}

const WORD = /^[\w./$-]*/;

/** The place at a position; null in comments, block scalars, flow collections and where nothing can be told. */
export function placeAt(doc: Text, position: number): Place | null {
  const line = doc.lineAt(position);
  const at = position - line.from;
  const before = line.text.slice(0, at);
  const after = line.text.slice(at);
  if (at > MOST_COLUMNS || isSeparator(line.text) || isInComment(line.text, at)) return null;
  const { column, dashes } = startOf(before);
  const rest = before.slice(column);
  const row = readRow(before);
  const typed = row?.key == null ? rest : before.slice(row.valueColumn);
  if (WORD.exec(typed)?.[0] !== typed || (typed === "" && /^\s+[^\s#]/.test(after)) || /-$/.test(before.slice(0, column))) return null;
  const path = pathTo(doc, line.number, column, dashes);
  if (!path) return null;
  const word = WORD.exec(after)?.[0] ?? "";
  const common = { typed, from: position - typed.length, to: position + word.length, column, line: line.number };
  if (row?.key != null) {
    return /\s$/.test(before.slice(0, row.valueColumn)) ? { ...common, role: "value", path: [...path, row.key], hasColon: false } : null;
  }
  const hasColon = /^\s*:(?:\s|$)/.test(after.slice(word.length));
  return { ...common, role: dashes.length > 0 && !hasColon ? "item" : "key", path, hasColon };
}

/**
 * The path of the mapping whose keys stand in `column` of a line; null when that is inside of some value, or when it
 * begins more than `most` lines above.
 */
export function pathTo(doc: Text, lineNumber: number, column: number, dashes: readonly number[], most = MOST_LINES): Step[] | null {
  const path: Step[] = [];
  let limit = column;
  let isItem = false;
  const leave = (marks: readonly number[]) => {
    for (const dash of [...marks].reverse()) {
      if (dash >= limit) continue;
      path.push(ITEM);
      limit = dash;
      isItem = true;
    }
  };
  leave(dashes);
  for (const line of upwards(doc, lineNumber)) {
    if (limit === 0 && !isItem) break;
    if (lineNumber - line.number > most) return null;
    // Most lines are deeper, and nothing on them matters.
    const row = columnOf(line.text) > limit ? null : readRow(line.text);
    if (!row) continue;
    const isInside = row.column < limit || (row.column === limit && isItem);
    if (isInside && row.key !== null) {
      if (!isOpenValue(row.value)) return null;
      path.push(row.key);
      limit = row.column;
      isItem = false;
    } else if (row.key === null && (row.dashes.at(-1) ?? limit) < limit && !isOpenValue(row.value)) {
      return null;
    }
    leave(row.dashes);
  }
  return path.reverse();
}

/** The keys beside one that stands in `column` of a line, in the same mapping and without it. */
export function keysBeside(doc: Text, lineNumber: number, column: number): Set<string> {
  const keys = new Set<string>();
  const own = startOf(doc.line(lineNumber).text);
  if (own.dashes.every((dash) => dash >= column)) {
    for (const line of upwards(doc, lineNumber)) {
      const row = readRow(line.text);
      if (!row) continue;
      if (row.key !== null && row.column === column) keys.add(row.key);
      if (leftmost(row) < column) break;
    }
  }
  for (const line of downwards(doc, lineNumber)) {
    const row = readRow(line.text);
    if (!row) continue;
    if (leftmost(row) < column) break;
    if (row.key !== null && row.column === column) keys.add(row.key);
  }
  return keys;
}

/** Where the text of a line begins; beyond its end when it has none. */
function columnOf(text: string): number {
  let column = 0;
  while (text[column] === " ") column++;
  return column < text.length ? column : Number.POSITIVE_INFINITY;
}

function leftmost(row: { dashes: readonly number[]; column: number }): number {
  return row.dashes[0] ?? row.column;
}

/** The kind of the document that a line is in. */
export function headOf(doc: Text, lineNumber: number): Head {
  let [apiVersion, kind, kindFrom]: [string | null, string | null, number | null] = [null, null, null];
  const look = (line: Line) => {
    if (!/^["']?(?:apiVersion|kind)\b/.test(line.text)) return;
    const row = readRow(line.text);
    if (row?.key === "apiVersion") apiVersion ??= scalar(row.value);
    if (row?.key === "kind") [kind, kindFrom] = [kind ?? scalar(row.value), line.from];
  };
  if (!isSeparator(doc.line(lineNumber).text)) look(doc.line(lineNumber));
  for (const line of upwards(doc, lineNumber)) look(line);
  for (const line of downwards(doc, lineNumber)) look(line);
  return { apiVersion, kind, kindFrom };
}

function scalar(value: string): string | null {
  const text = /^["']/.test(value) ? unquoted(value) : value;
  return text === "" ? null : text;
}

/** The lines above one, nearest first, to the start of its document. */
function* upwards(doc: Text, lineNumber: number): Generator<Line> {
  for (let number = lineNumber - 1; number >= Math.max(1, lineNumber - MOST_LINES - 1); number--) {
    const line = doc.line(number);
    if (isSeparator(line.text)) return;
    yield line;
  }
}

/** The lines below one, to the end of its document. */
function* downwards(doc: Text, lineNumber: number): Generator<Line> {
  for (let number = lineNumber + 1; number <= Math.min(doc.lines, lineNumber + MOST_LINES); number++) {
    const line = doc.line(number);
    if (isSeparator(line.text)) return;
    yield line;
  }
}
