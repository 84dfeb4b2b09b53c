//! What definitions say, as JSON would have it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { yamlValue } from "../src/schema/yaml_value.ts";

const CASES: [text: string, expected: unknown][] = [
  ["a: 1\nb: x y\nc: true\nd: ~\ne:\n", { a: 1, b: "x y", c: true, d: null, e: null }],
  ["a:\n- x\n- y: 1\n  z: 'it''s'\n", { a: ["x", { y: 1, z: "it's" }] }],
  ["a: {b: [1, \"two\\n\"], c: off}\n", { a: { b: [1, "two\n"], c: false } }],
  ["a: |\n  one\n  two\nb: >-\n  one\n  two\n", { a: "one\ntwo", b: "one two" }],
  ["a: one\n  two\n# x\nb: &y !!str v # z\n", { a: "one two", b: "v" }],
  ["\"a b\": 'c'\n", { "a b": "c" }],
  ["", null],
  ["just words", "just words"],
];

for (const [text, expected] of CASES) test(`value: ${JSON.stringify(text)}`, () => assert.deepEqual(yamlValue(text), expected));

test("a broken text has a value too", () => {
  for (const text of ["a: [", "a: {b: 'c", "- - - : :", "\t\ta: b", "a: *x\n<<: *y\n"]) assert.doesNotThrow(() => yamlValue(text), text);
});

test("a long text is read like a short one", { timeout: 20_000 }, () => {
  const many = 300_000;
  assert.deepEqual(yamlValue(`a: "x${" ".repeat(many)}y"\n`), { a: `x${" ".repeat(many)}y` });
  assert.deepEqual(yamlValue(`a: |\n${"  x\n".repeat(many)}`), { a: `${"x\n".repeat(many).trimEnd()}` });
});
