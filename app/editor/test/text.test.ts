//! Line ends and replacements.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState } from "@codemirror/state";
import { replacement, separatorOf, toDoc, withSeparator } from "../src/text.ts";

const TEXTS: { text: string; separator: string }[] = [
  { text: "", separator: "\n" },
  { text: "a", separator: "\n" },
  { text: "a\nb\n", separator: "\n" },
  { text: "a\r\nb\r\n", separator: "\r\n" },
  { text: "a\r\nb", separator: "\r\n" },
  { text: "a\r\nb\n", separator: "\n" },
  { text: "a\rb\r\n", separator: "\n" },
  { text: "a\r\r\nb\r\n", separator: "\n" },
  { text: "\n\r\n", separator: "\n" },
];

for (const { text, separator } of TEXTS) {
  test(`opened and read back: ${JSON.stringify(text)}`, () => {
    const found = separatorOf(text);
    assert.equal(found, separator);
    const state = EditorState.create({ doc: toDoc(text, found), extensions: EditorState.lineSeparator.of(found) });
    assert.equal(state.sliceDoc(), text);
  });
}

const PAIRS: { before: string; after: string; expected: [number, number, number] | null }[] = [
  { before: "", after: "", expected: null },
  { before: "same", after: "same", expected: null },
  { before: "", after: "ab", expected: [0, 0, 2] },
  { before: "ab", after: "", expected: [0, 2, 0] },
  { before: "a1c", after: "a22c", expected: [1, 2, 3] },
  { before: "aa", after: "aaa", expected: [2, 2, 3] },
  { before: "aaa", after: "aa", expected: [2, 3, 2] },
];

for (const { before, after, expected } of PAIRS) {
  test(`replacement: ${before} → ${after}`, () => {
    const found = replacement(before, after);
    assert.deepEqual(found && [found.from, found.toOld, found.toNew], expected);
  });
}

test("pasted text takes the document's line ends", () => {
  assert.equal(withSeparator("a\r\nb\nc\rd", "\r\n"), "a\r\nb\r\nc\r\nd");
  assert.equal(withSeparator("a\r\nb", "\n"), "a\nb");
});
