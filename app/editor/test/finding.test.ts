//! What a line's key is, and which keys are not known.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Text } from "@codemirror/state";
import { findOn, nearest, sentence, unknownKeys } from "../src/schema/finding.ts";
import { headOf } from "../src/schema/place.ts";
import { KINDS, WIDGET } from "./kinds.ts";

const DOC = `apiVersion: apps/v1
kind: Deployment # mine
metadata:
  labels:
    anything: goes
spec:
  replica: 1
  selector:
    free: true
  template:
    spec:
      containers:
      - name: x
        imgae: y
        zzz: {nam: 1}
        script: |
          replicaz: 1
---
kind: Other
replica: 1
---
apiVersion: example.test/v1
kind: Widget
spec:
  counts: 1
  free: {a: 1}
  loose:
    other: 1
<<: *x
`;

const doc = Text.of(DOC.split("\n"));

function found(words: string): string | null {
  const number = DOC.slice(0, DOC.indexOf(words)).split("\n").length;
  const one = findOn(doc, number, headOf(doc, number), KINDS, [WIDGET]);
  if (!one) return null;
  const name = "unknown" in one.is ? sentence(one.is) : "apiVersion" in one.is ? `kind ${one.is.kind}` : `${one.is.name}: ${one.is.shape.is}`;
  return `${doc.sliceString(one.from, one.to)} → ${name}`;
}

const CASES: [words: string, expected: string | null][] = [
  ["apiVersion: apps", "apiVersion → apiVersion: string"],
  ["kind: Deployment", "kind: Deployment # mine → kind Deployment"],
  ["labels:", "labels → labels: map"],
  ["anything:", null],
  ["replica: 1", "replica → No field `replica` is known here. Did you mean `replicas`?"],
  ["free: true", null],
  ["- name: x", "name → name: string"],
  ["imgae:", "imgae → No field `imgae` is known here. Did you mean `image`?"],
  ["zzz:", "zzz → No field `zzz` is known here."],
  ["replicaz:", null],
  ["kind: Other", null],
  ["counts:", "counts → No field `counts` is known here. Did you mean `count`?"],
  ["free: {", "free → free: anything"],
  ["other: 1", null],
  ["<<:", null],
];

for (const [words, expected] of CASES) test(`found: ${words}`, () => assert.equal(found(words), expected));

test("the unknown keys of all documents, and of a part", () => {
  const keys = (first: number, last: number) =>
    unknownKeys(doc, first, last, KINDS, [WIDGET]).map(({ from, to }) => doc.sliceString(from, to)).join(" ");
  assert.equal(keys(1, doc.lines), "replica imgae zzz script counts");
  assert.equal(keys(14, 15), "imgae zzz");
});

const NAMES = ["replicas", "image", "imagePullPolicy", "name"];
const NEAREST: [word: string, expected: string | null][] = [
  ["replica", "replicas"],
  ["Replicas", "replicas"],
  ["imge", "image"],
  ["imagePullpolcy", "imagePullPolicy"],
  ["nam", "name"],
  ["na", null],
  ["unrelated", null],
  ["", null],
];

for (const [word, expected] of NEAREST) test(`nearest to ${JSON.stringify(word)}`, () => assert.equal(nearest(word, NAMES), expected));
