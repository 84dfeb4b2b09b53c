//! Where in a manifest a cursor is. `|` stands for it; `\u00a6` is a literal bar.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Text } from "@codemirror/state";
import { headOf, keysBeside, placeAt } from "../src/schema/place.ts";
import { isOpenValue } from "../src/schema/rows.ts";
import { ITEM } from "../src/schema/shape.ts";

interface Case {
  name: string;
  doc: string;
  /** Role, path with `[]` for items, what was typed; null where nothing is to be told. */
  expected: string | null;
}

const POD = "apiVersion: v1\nkind: Pod\n";

const CASES: Case[] = [
  { name: "the top of an empty document", doc: "|", expected: "key  ''" },
  { name: "half a key", doc: `${POD}sp|`, expected: "key  'sp'" },
  { name: "an empty line under a key", doc: "spec:\n  |", expected: "key spec ''" },
  { name: "an empty line at the key's own column", doc: "spec:\n|", expected: "key  ''" },
  { name: "beside other keys", doc: "spec:\n  a: 1\n  b|\n  c: 2\n", expected: "key spec 'b'" },
  { name: "before other keys", doc: "spec:\n  b|\n  c: 2\n", expected: "key spec 'b'" },
  { name: "a value", doc: "spec:\n  a: tr|", expected: "value spec.a 'tr'" },
  { name: "an empty value", doc: "kind: |", expected: "value kind ''" },
  { name: "right behind the colon", doc: "kind:|", expected: null },
  { name: "a key that is replaced", doc: "spec:\n  rep|licas: 1", expected: "key spec 'rep' +licas" },
  { name: "a key in an item", doc: "spec:\n  containers:\n  - na|", expected: "item spec.containers.[] 'na'" },
  { name: "an item deeper than its list", doc: "spec:\n  containers:\n    - |", expected: "item spec.containers.[] ''" },
  { name: "the second key of an item", doc: "containers:\n- name: x\n  im|", expected: "key containers.[] 'im'" },
  { name: "the second item", doc: "c:\n- name: x\n  a: 1\n- n|", expected: "item c.[] 'n'" },
  { name: "a list in an item", doc: "c:\n- ports:\n  - po|", expected: "item c.[].ports.[] 'po'" },
  { name: "a list in an item, deeper", doc: "c:\n  - name: x\n    ports:\n      - a: 1\n        b|", expected: "key c.[].ports.[] 'b'" },
  { name: "a value in an item", doc: "c:\n- image: x\n  pull: Al|", expected: "value c.[].pull 'Al'" },
  { name: "the value of an item's first key", doc: "c:\n- pull: Al|", expected: "value c.[].pull 'Al'" },
  { name: "a list in a list", doc: "c:\n- - a|", expected: "item c.[].[] 'a'" },
  { name: "the second item of a list in a list", doc: "c:\n- - a\n  - b|", expected: "item c.[].[] 'b'" },
  { name: "under an item that is a word", doc: "c:\n- a\n  b|", expected: null },
  { name: "after a list at its key's column", doc: "a:\n- x: 1\n  y: 2\nb|", expected: "key  'b'" },
  { name: "a dash without a space", doc: "c:\n-|", expected: null },
  { name: "another document", doc: "a:\n  b: 1\n---\nc:\n  d|", expected: "key c 'd'" },
  { name: "a separator", doc: "--|-\n", expected: null },
  { name: "a comment", doc: "spec:\n  # re|", expected: null },
  { name: "a comment behind a value", doc: "a: b # re|", expected: null },
  { name: "a number sign in quotes", doc: "a: 'x # y' |", expected: null },
  { name: "a block scalar", doc: "data:\n  x: \u00a6\n    a: 1\n    b|", expected: null },
  { name: "a folded one with a mark and a comment", doc: "data:\n  x: >- # y\n    a|", expected: null },
  { name: "deep in a block scalar that looks like YAML", doc: "data:\n  x: \u00a6\n    spec:\n      containers:\n      - na|", expected: null },
  { name: "a block scalar as an item", doc: "args:\n- \u00a6\n  na|", expected: null },
  { name: "after a block scalar", doc: "data:\n  x: \u00a6\n    a: 1\n  y|", expected: "key data 'y'" },
  { name: "a flow mapping", doc: "a: {b|", expected: null },
  { name: "a flow mapping over lines", doc: "a: {\n  b|", expected: null },
  { name: "a quoted value", doc: "a: \"b|", expected: null },
  { name: "under a value", doc: "a: b\n  c|", expected: null },
  { name: "under an anchor and a tag", doc: "a: &x !!map\n  c|", expected: "key a 'c'" },
  { name: "a quoted key above", doc: "\"a b\":\n  'it''s':\n    c|", expected: "key a b.it's 'c'" },
  { name: "comments and empty lines between", doc: "a:\n\n# x\n  # y\n\n  c|", expected: "key a 'c'" },
  { name: "a broken line above", doc: "a:\n  b: 'open\n  }{\n  c|", expected: "key a 'c'" },
  { name: "a key with dots and slashes", doc: "metadata:\n  labels:\n    app.kubernetes.io/na|", expected: "key metadata.labels 'app.kubernetes.io/na'" },
  { name: "two words", doc: "spec:\n  two words|", expected: null },
  { name: "in the indentation", doc: "spec:\n |   a: 1", expected: null },
  { name: "Windows line ends are the editor's", doc: "spec:\n  a: x|y", expected: "value spec.a 'x' +y" },
];

function at(marked: string): { doc: Text; position: number } {
  const position = marked.indexOf("|");
  const text = (marked.slice(0, position) + marked.slice(position + 1)).replaceAll("\u00a6", "|");
  return { doc: Text.of(text.split("\n")), position };
}

for (const { name, doc: marked, expected } of CASES) {
  test(`place: ${name}`, () => {
    const { doc, position } = at(marked);
    const place = placeAt(doc, position);
    const path = place?.path.map((step) => (step === ITEM ? "[]" : step)).join(".");
    const rest = place && place.to > position ? ` +${doc.sliceString(position, place.to)}` : "";
    assert.equal(place && `${place.role} ${path} '${place.typed}'${rest}`, expected);
  });
}

const BESIDE: { name: string; doc: string; expected: string }[] = [
  { name: "above and below", doc: "s:\n  a: 1\n  |\n  b: 2\nt: 3", expected: "a b" },
  { name: "not deeper, not higher", doc: "s:\n  a:\n    x: 1\n  |\n  b:\n    y: 1\nt: 3", expected: "a b" },
  { name: "of one item only", doc: "- a: 1\n  |\n  b: 1\n- c: 1\n", expected: "a b" },
  { name: "of a new item", doc: "- a: 1\n- |\n  b: 1\n- c: 1\n", expected: "b" },
  { name: "over a list at the key's column", doc: "a:\n- x: 1\n|\nb:\n- y: 1\nc: 1", expected: "a b c" },
  { name: "of one document", doc: "a: 1\n---\n|\nb: 1\n---\nc: 1", expected: "b" },
];

for (const { name, doc: marked, expected } of BESIDE) {
  test(`keys beside: ${name}`, () => {
    const { doc, position } = at(marked);
    const line = doc.lineAt(position);
    assert.equal([...keysBeside(doc, line.number, position - line.from)].sort().join(" "), expected);
  });
}

const HEADS: { name: string; doc: string; expected: string }[] = [
  { name: "above", doc: "apiVersion: apps/v1\nkind: Deployment\n|", expected: "apps/v1 Deployment" },
  { name: "below, quoted, with comments", doc: "|\nkind: 'Pod' # x\napiVersion: \"v1\"", expected: "v1 Pod" },
  { name: "not that of another document", doc: "kind: Pod\n---\n|\n---\nkind: Job", expected: "null null" },
  { name: "not that of a part", doc: "spec:\n  kind: Pod\n|", expected: "null null" },
  { name: "empty", doc: "apiVersion:\nkind: \n|", expected: "null null" },
];

for (const { name, doc: marked, expected } of HEADS) {
  test(`head: ${name}`, () => {
    const { doc, position } = at(marked);
    const { apiVersion, kind } = headOf(doc, doc.lineAt(position).number);
    assert.equal(`${apiVersion} ${kind}`, expected);
  });
}

test("a place that begins too far above is none, and not a wrong one", () => {
  const doc = (lines: number) => Text.of(["spec:", "  items:", ...Array<string>(lines).fill("  - name: x"), "  - na"]);
  const path = (text: Text) => placeAt(text, text.length)?.path.length ?? null;
  assert.equal(path(doc(10_000)), 3);
  assert.equal(path(doc(30_000)), null);
});

test("whatever the text is, a place is found or not", () => {
  // A generator of its own, so that a failure can be seen again.
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const PARTS = ["a", "key:", " ", "  ", "\n", "- ", "-", "#", "'", "\"", "|", "{", "]", ": ", "---", "\\", "\t", "é", "&x ", "kind: Pod\n", "spec:\n  "];
  for (let round = 0; round < 400; round++) {
    const text = Array.from({ length: 1 + random(30) }, () => PARTS[random(PARTS.length)]).join("");
    const doc = Text.of(text.split("\n"));
    for (let position = 0; position <= doc.length; position++) {
      const place = placeAt(doc, position);
      if (!place) continue;
      assert.ok(place.from <= position && position <= place.to, text);
      keysBeside(doc, place.line, place.column);
      headOf(doc, place.line);
    }
  }
});

test("anchors and tags leave room for what follows, and many of them take no time", { timeout: 20_000 }, () => {
  for (const [value, expected] of [["", true], ["&a", true], ["!t &a", true], ["&a ", true], ["&a x", false], ["x", false]] as const) {
    assert.equal(isOpenValue(value), expected, value);
  }
  assert.equal(isOpenValue(`${"&".repeat(5_000)} x`), false);
});
