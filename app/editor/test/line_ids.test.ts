//! The numbers that lines get.

import assert from "node:assert/strict";
import { test } from "node:test";
import { numberLines } from "../src/line_ids.ts";
import { atOnce } from "./at_once.ts";

const CASES: { name: string; before: string; after: string; a: number[]; b: number[]; starts: number[] }[] = [
  { name: "nothing", before: "", after: "", a: [0], b: [0], starts: [0, 1] },
  { name: "a line end", before: "\n", after: "", a: [0, 0], b: [0], starts: [0, 1, 2] },
  { name: "equal lines", before: "x\ny\nx", after: "y\nz\n", a: [0, 1, 0], b: [1, 2, 3], starts: [0, 2, 4, 6] },
  { name: "a beginning is not the line", before: "ab\na", after: "a\nabc", a: [0, 1], b: [1, 2], starts: [0, 3, 5] },
];

for (const { name, before, after, a, b, starts } of CASES) {
  test(`numbers: ${name}`, () => {
    const found = atOnce(numberLines(before, after));
    assert.deepEqual([...found.a.ids], a);
    assert.deepEqual([...found.b.ids], b);
    assert.deepEqual([...found.a.starts], starts);
    assert.equal(found.count, new Set([...a, ...b]).size);
  });
}

test("lines are numbered alike exactly when they are equal, for 20,000 lines", () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `name: web-${(index * 7919) % 5_000}`);
  const { a, count } = atOnce(numberLines(lines.join("\n"), ""));
  const first = new Map(lines.map((line, index) => [line, a.ids[index]]));
  assert.equal(count, 5_001);
  lines.forEach((line, index) => assert.equal(a.ids[index], first.get(line)));
});
