//! The comparison of texts: what it finds, and that what it says is true for any two texts.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "@codemirror/merge";
import { type Grain, lineDiff, MOST_STRETCHES } from "../src/line_diff.ts";
import { atOnce } from "./at_once.ts";

/** A difference as text: what went is in `[-…-]`, what came in `{+…+}`. */
function drawn(before: string, after: string, changes: readonly Change[]): string {
  let text = "";
  let at = 0;
  for (const change of changes) {
    const gone = before.slice(change.fromA, change.toA);
    const come = after.slice(change.fromB, change.toB);
    text += before.slice(at, change.fromA) + (gone && `[-${gone}-]`) + (come && `{+${come}+}`);
    at = change.toA;
  }
  return text + before.slice(at);
}

/** Builds `after` from `before` and the changes, and checks that the changes rise and fit both texts. */
function applied(before: string, after: string, changes: readonly Change[]): string {
  let text = "";
  let atA = 0;
  let atB = 0;
  for (const change of changes) {
    assert.ok(change.fromA >= atA && change.toA >= change.fromA && change.toA <= before.length, "rises in the old text");
    assert.ok(change.fromB >= atB && change.toB >= change.fromB && change.toB <= after.length, "rises in the new text");
    assert.equal(change.fromA - atA, change.fromB - atB, "what lies between is as long in both");
    text += before.slice(atA, change.fromA) + after.slice(change.fromB, change.toB);
    atA = change.toA;
    atB = change.toB;
  }
  return text + before.slice(atA);
}

const CASES: { name: string; before: string; after: string; expected: string }[] = [
  { name: "equal", before: "a\nb\n", after: "a\nb\n", expected: "a\nb\n" },
  { name: "both empty", before: "", after: "", expected: "" },
  { name: "from nothing", before: "", after: "a: 1\n", expected: "{+a: 1\n+}" },
  { name: "to nothing", before: "a: 1\n", after: "", expected: "[-a: 1\n-]" },
  { name: "a value", before: "a: 1\nb: two\nc: 3\n", after: "a: 1\nb: three\nc: 3\n", expected: "a: 1\nb: [-two-]{+three+}\nc: 3\n" },
  { name: "lines come", before: "a:\nz: 1\n", after: "a:\n  b: 2\n  c: 3\nz: 1\n", expected: "a:\n{+  b: 2\n  c: 3\n+}z: 1\n" },
  { name: "lines go", before: "a\nb\nc\nd\n", after: "a\nd\n", expected: "a\n[-b\nc\n-]d\n" },
  { name: "last line without an end", before: "a", after: "a\nb", expected: "a{+\nb+}" },
  { name: "the last line end goes", before: "a\nb\n", after: "a\nb", expected: "a\nb[-\n-]" },
  { name: "nothing in common", before: "abc\n", after: "xyz\n", expected: "[-abc\n-]{+xyz\n+}" },
  { name: "a stray equal line does not join", before: "p: 1\nspec:\nq: 2\n", after: "r: x\ns: y\nspec:\nt: z\n", expected: "" },
];

for (const { name, before, after, expected } of CASES) {
  test(`difference: ${name}`, () => {
    const { changes, grain } = atOnce(lineDiff(before, after));
    assert.equal(applied(before, after, changes), after);
    assert.equal(grain, "letters");
    if (expected) assert.equal(drawn(before, after, changes), expected);
  });
}

/** A repeatable row of numbers below 1 (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

test("applying a difference gives the new text, for 2,000 pairs", () => {
  const next = random(7);
  const line = () => ["a", "b: 1", "  - x", "", "name: ü𝄞", `n${Math.floor(next() * 50)}`][Math.floor(next() * 6)] ?? "";
  for (let round = 0; round < 2_000; round++) {
    const before = Array.from({ length: Math.floor(next() * 40) }, line);
    const after = before.flatMap((one) => (next() < 0.1 ? [] : next() < 0.1 ? [one, line()] : next() < 0.1 ? [line()] : [one]));
    const [old, now] = [before.join("\n"), after.join("\n")];
    assert.equal(applied(old, now, atOnce(lineDiff(old, now)).changes), now, JSON.stringify([old, now]));
  }
});

function resources(count: number, namespace: string): string {
  const one = (index: number) => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-${index}\n  namespace: ${namespace}\nspec:\n  replicas: 3\n---\n`;
  return Array.from({ length: count }, (_, index) => one(index)).join("");
}

const GRAINS: { name: string; before: string; after: string; grain: Grain; changes: number; count: number }[] = [
  { name: "few changes", before: resources(20, "default"), after: resources(20, "prod"), grain: "letters", changes: 20, count: 20 },
  { name: "10,000 changes", before: resources(10_000, "default"), after: resources(10_000, "prod"), grain: "letters", changes: MOST_STRETCHES, count: 10_000 },
  { name: "a very long line", before: `a: ${"x".repeat(5_000)}\n`, after: `a: ${"x".repeat(5_000)}y\n`, grain: "lines", changes: 1, count: 1 },
  { name: "another text", before: "a\n".repeat(500), after: "b\n".repeat(500), grain: "blocks", changes: 1, count: 1 },
];

for (const { name, before, after, grain, changes, count } of GRAINS) {
  test(`how fine: ${name}`, () => {
    const found = atOnce(lineDiff(before, after));
    assert.equal(found.grain, grain);
    assert.equal(found.changes.length, changes);
    assert.equal(found.count, count);
    const shown = [before.slice(0, found.cut?.a), after.slice(0, found.cut?.b)] as const;
    assert.equal(applied(...shown, found.changes), shown[1]);
  });
}
