//! What is offered where. `|` is the cursor.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Text } from "@codemirror/state";
import { needsKinds, type Option, optionsAt } from "../src/schema/options.ts";
import { headOf, placeAt } from "../src/schema/place.ts";
import { KINDS, WIDGET } from "./kinds.ts";

function options(marked: string, texts: string[] = []): Option[] {
  const position = marked.indexOf("|");
  const doc = Text.of((marked.slice(0, position) + marked.slice(position + 1)).split("\n"));
  const place = placeAt(doc, position);
  if (!place) return [];
  const head = headOf(doc, place.line);
  return optionsAt(doc, place, head, needsKinds(place, head) ? KINDS : null, texts);
}

const HEAD = "apiVersion: apps/v1\nkind: Deployment\n";
const POD = "apiVersion: v1\nkind: Pod\n";

const OFFERED: { name: string; doc: string; expected: string }[] = [
  { name: "an empty document", doc: "|", expected: "apiVersion kind" },
  { name: "a document with half a head", doc: "kind: Pod\n|", expected: "apiVersion" },
  { name: "a document of an unknown kind", doc: "apiVersion: x/v1\nkind: Y\n|", expected: "" },
  { name: "the top of a known one", doc: `${HEAD}|`, expected: "metadata spec" },
  { name: "what is there already", doc: `${HEAD}spec:\n  replicas: 1\n  |\n  paused: true`, expected: "template selector" },
  { name: "deeper", doc: `${HEAD}spec:\n  template:\n    spec:\n      containers:\n      - |`, expected: "name image policy modes limits port" },
  { name: "an item's second key", doc: `${POD}spec:\n  containers:\n  - name: x\n    |`, expected: "image policy modes limits port" },
  { name: "a second item", doc: `${POD}spec:\n  containers:\n  - name: x\n  - |`, expected: "name image policy modes limits port" },
  { name: "labels, whose names are free", doc: `${HEAD}metadata:\n  labels:\n    |`, expected: "" },
  { name: "anything", doc: `${HEAD}spec:\n  selector:\n    |`, expected: "" },
  { name: "a truth value", doc: `${HEAD}spec:\n  paused: |`, expected: "true false" },
  { name: "known values", doc: `${POD}spec:\n  restartPolicy: A|`, expected: "Always Never" },
  { name: "values of items", doc: `${POD}spec:\n  containers:\n  - modes:\n    - |`, expected: "One Two" },
  { name: "a number", doc: `${HEAD}spec:\n  replicas: |`, expected: "" },
  { name: "API versions", doc: "apiVersion: |", expected: "apps/v1 v1 events.k8s.io/v1" },
  { name: "API versions of a kind", doc: "apiVersion: |\nkind: Event\n", expected: "v1 events.k8s.io/v1" },
  { name: "kinds", doc: "kind: |", expected: "Deployment Pod Event Event" },
  { name: "kinds of an API version", doc: "apiVersion: v1\nkind: |", expected: "Pod Event" },
  { name: "a kind deep inside is a field", doc: `${HEAD}spec:\n  kind: |`, expected: "" },
  { name: "the kind of its own document", doc: `${HEAD}---\n${POD}spec:\n  |\n---\n${HEAD}`, expected: "containers restartPolicy args" },
  { name: "a comment", doc: `${HEAD}# |`, expected: "" },
  { name: "a document that is broken elsewhere", doc: `${HEAD}metadata: [}\nspec:\n  x: 'y\n  |`, expected: "replicas paused template selector" },
];

for (const { name, doc, expected } of OFFERED) {
  test(`offered: ${name}`, () => assert.equal(options(doc).map((one) => one.label).join(" "), expected));
}

const PUT_IN: { name: string; doc: string; label: string; expected: Partial<Option> }[] = [
  { name: "a number", doc: `${HEAD}spec:\n  |`, label: "replicas", expected: { insert: "replicas: ", asks: false, rank: 0, detail: "integer" } },
  { name: "a truth value, which is asked for", doc: `${HEAD}spec:\n  |`, label: "paused", expected: { insert: "paused: ", asks: true } },
  { name: "an object", doc: `${HEAD}spec:\n  |`, label: "template", expected: { insert: "template:\n    ", rank: 1 } },
  { name: "a map", doc: `${HEAD}metadata:\n  |`, label: "labels", expected: { insert: "labels:\n    " } },
  { name: "a list", doc: `${POD}spec:\n  |`, label: "containers", expected: { insert: "containers:\n    - " } },
  { name: "a list as the document has them", doc: `${POD}x:\n- y\nspec:\n  |`, label: "containers", expected: { insert: "containers:\n  - " } },
  { name: "in an item", doc: `${POD}spec:\n  containers:\n  - |`, label: "limits", expected: { insert: "limits:\n      " } },
  { name: "over a key that is there", doc: `${HEAD}spec:\n  rep|: 1`, label: "replicas", expected: { insert: "replicas", asks: false } },
  { name: "a text that reads as a truth value", doc: `${POD}spec:\n  containers:\n  - policy: |`, label: "True", expected: { insert: "\"True\"" } },
  { name: "a text that does not", doc: `${POD}spec:\n  containers:\n  - policy: |`, label: "Unknown", expected: { insert: "Unknown" } },
  { name: "a kind, with its API version", doc: "kind: |", label: "Deployment", expected: { insert: "Deployment", above: "apiVersion: apps/v1" } },
  { name: "a kind alone", doc: "apiVersion: v1\nkind: |", label: "Pod", expected: { insert: "Pod" } },
];

for (const { name, doc, label, expected } of PUT_IN) {
  test(`put in: ${name}`, () => {
    const found = options(doc).find((one) => one.label === label);
    const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, found?.[key as keyof Option]]));
    assert.deepEqual(shown, expected);
    assert.equal(found?.above, expected.above);
  });
}

const OWN = "apiVersion: example.test/v1\nkind: Widget\n";

test("a definition in another text brings its kind", () => {
  const labels = (doc: string) => options(doc, [`# mine\n---\n${WIDGET}`, "kind: CustomResourceDefinition\nspec: ["]).map((one) => one.label).join(" ");
  assert.equal(labels(`${OWN}|`), "spec metadata");
  assert.equal(labels(`${OWN}metadata:\n  |`), "name labels annotations creationTimestamp");
  assert.equal(labels(`${OWN}spec:\n  |`), "size count on weight parts labels free loose");
  assert.equal(labels(`${OWN}spec:\n  size: |`), "small large");
  assert.equal(labels(`${OWN}spec:\n  parts:\n  - |`), "part");
  assert.equal(labels("apiVersion: example.test/v1\nkind: |"), "Widget");
  assert.equal(labels("apiVersion: |\nkind: Widget"), "example.test/v1 example.test/v2");
});

test("without it the kind is not known", () => assert.deepEqual(options(`${OWN}spec:\n  |`), []));

test("of two definitions of a kind the first counts, and each is listed once", () => {
  const other = WIDGET.replaceAll("count:", "amount:");
  const names = options(`${OWN}spec:\n  |`, [other, WIDGET]).map((one) => one.label);
  assert.ok(names.includes("amount") && !names.includes("count"), names.join(" "));
  assert.equal(options("apiVersion: example.test/v1\nkind: |", [other, WIDGET]).length, 1);
});

test("a definition that says odd things of itself costs only what is odd", () => {
  const odd = WIDGET.replace("{type: integer}", "{type: constructor, description: {toString: 1, valueOf: 1}, enum: [{toString: 1, valueOf: 1}, 7]}");
  const count = options(`${OWN}spec:\n  cou|`, [odd]).find((one) => one.label === "count")?.of;
  assert.ok(count && "values" in count);
  assert.deepEqual([count.shape.is, count.doc, count.values], ["anything", "", ["7"]]);
});
