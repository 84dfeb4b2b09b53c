//! Where marks land, whatever the places they come with.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState, Text } from "@codemirror/state";
import { type Mark, marks, positionOf, setMarks } from "../src/marks.ts";

const DOC = "kind: Pod\nname: ü𝄞x\nlast";

const PLACES: { line: number; column?: number; expected: number }[] = [
  { line: 1, expected: 0 },
  { line: 1, column: 7, expected: 6 },
  { line: 2, column: 8, expected: 17 },
  { line: 2, column: 9, expected: 19 },
  { line: 2, column: 99, expected: 20 },
  { line: 0, expected: 0 },
  { line: -5, column: -5, expected: 0 },
  { line: 99, expected: 21 },
  { line: Number.NaN, column: Number.NaN, expected: 0 },
  { line: Number.POSITIVE_INFINITY, column: 1, expected: 0 },
  { line: 2.7, column: 1, expected: 10 },
];

for (const { line, column, expected } of PLACES) {
  test(`position of line ${line}, column ${column}`, () => {
    assert.equal(positionOf(Text.of(DOC.split("\n")), line, column), expected);
  });
}

/** Every decoration of `all` on the document, as "from-to class", notes as "at note". */
function shown(all: Mark[], doc = DOC): string[] {
  const state = EditorState.create({ doc, extensions: marks }).update({ effects: setMarks.of(all) }).state;
  const found: string[] = [];
  state.field(marks).content.between(0, state.doc.length, (from, to, { spec }) => {
    found.push(spec.widget ? `${from} note` : from === to ? `${from} ${spec.class}` : `${from}-${to} ${spec.class}`);
  });
  return found;
}

const CASES: { name: string; all: Mark[]; expected: string[] }[] = [
  { name: "none", all: [], expected: [] },
  { name: "a line", all: [{ line: 1, severity: "error", message: "m" }], expected: ["0 cm-mark-line cm-mark-line--error", "9 note"] },
  {
    name: "a word",
    all: [{ line: 1, column: 7, severity: "info", message: "m" }],
    expected: ["0 cm-mark-line cm-mark-line--info", "6-9 cm-mark-text cm-mark-text--info", "9 note"],
  },
  {
    name: "a stretch",
    all: [{ line: 1, column: 1, endColumn: 5, severity: "warning", message: "m" }],
    expected: ["0 cm-mark-line cm-mark-line--warning", "0-4 cm-mark-text cm-mark-text--warning", "9 note"],
  },
  {
    name: "the worst of a line wins",
    all: [
      { line: 3, severity: "info", message: "m" },
      { line: 3, severity: "error", message: "n" },
      { line: 3, severity: "warning", message: "o" },
    ],
    expected: ["21 cm-mark-line cm-mark-line--error", "25 note"],
  },
  {
    name: "several lines, the reason under the first",
    all: [{ line: 2, endLine: 99, severity: "error", message: "m" }],
    expected: ["10 cm-mark-line cm-mark-line--error", "20 note", "21 cm-mark-line cm-mark-line--error"],
  },
  { name: "a backward stretch", all: [{ line: 2, column: 4, endLine: 1, endColumn: 2, severity: "error", message: "m" }], expected: ["10 cm-mark-line cm-mark-line--error", "20 note"] },
  {
    name: "a severity from the future counts as an error",
    all: [{ line: 1, severity: "fatal" as "error", message: "m" }],
    expected: ["0 cm-mark-line cm-mark-line--error", "9 note"],
  },
];

for (const { name, all, expected } of CASES) {
  test(`marks: ${name}`, () => assert.deepEqual(shown(all), expected));
}

test("no more than 500 marks are shown", () => {
  const all: Mark[] = Array.from({ length: 10_000 }, (_, index) => ({ line: index + 1, severity: "error", message: "m" }));
  assert.equal(shown(all, "x\n".repeat(10_000)).filter((one) => one.endsWith("note")).length, 500);
});

test("a mark moves along with edits", () => {
  let state = EditorState.create({ doc: DOC, extensions: marks });
  state = state.update({ effects: setMarks.of([{ line: 3, severity: "error", message: "m" }]) }).state;
  state = state.update({ changes: { from: 0, insert: "new\n" } }).state;
  const places: number[] = [];
  state.field(marks).gutter.between(0, state.doc.length, (from) => {
    places.push(from);
  });
  assert.deepEqual(places, [25]);
});
