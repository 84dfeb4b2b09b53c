//! Kinds that a workspace brings itself: the CustomResourceDefinitions in its texts.
//! It takes what it understands of each definition; a broken one supplies nothing, and says nothing.

import type { Field, Kind, Plain, Shape } from "./shape.ts";
import { type Value, yamlValue } from "./yaml_value.ts";

/** What makes a document worth parsing. */
const MARK = /^kind:[ \t]*["']?CustomResourceDefinition\b/m;

/** Texts longer than this are not searched, in UTF-16 units: the largest definitions known have a million. */
const LONGEST = 4_000_000;
/** Texts whose definitions are remembered. */
const MOST_TEXTS = 32;
/** Characters of a description that are shown. */
const MOST_CHARACTERS = 300;

type Schema = { [name: string]: Value };

const PLAIN: readonly Plain[] = ["string", "integer", "number", "boolean"];

/** The kinds that definitions in texts bring; remembers what it parsed. */
export class Definitions {
  private readonly parsed = new Map<string, Kind[]>();

  /** `metadata` is what Kubernetes says of every object's: definitions say nothing of it. */
  constructor(private readonly metadata: Field | undefined) {}

  /** The kinds that these texts define. Of a kind that several define, the first counts. */
  in(texts: readonly string[]): Kind[] {
    const found = texts.filter((text) => text.length <= LONGEST && MARK.test(text)).flatMap((text) => this.kinds(text));
    const first = new Map<string, Kind>();
    for (const one of found) {
      const name = `${one.apiVersion} ${one.kind}`;
      if (!first.has(name)) first.set(name, one);
    }
    return [...first.values()];
  }

  private kinds(text: string): Kind[] {
    const known = this.parsed.get(text);
    if (known) return known;
    if (this.parsed.size >= MOST_TEXTS) this.parsed.clear();
    const documents = text.split(/^---(?:[ \t].*)?$/m).filter((document) => MARK.test(document));
    const kinds = documents.flatMap((document) => kindsOf(object(yamlValue(document)), this.metadata));
    this.parsed.set(text, kinds);
    return kinds;
  }
}

function kindsOf(definition: Schema, metadata: Field | undefined): Kind[] {
  const spec = object(definition["spec"]);
  const group = spec["group"];
  const kind = object(spec["names"])["kind"];
  if (typeof group !== "string" || typeof kind !== "string") return [];
  return list(spec["versions"]).flatMap((one) => {
    const version = object(one);
    const schema = object(object(version["schema"])["openAPIV3Schema"]);
    if (typeof version["name"] !== "string") return [];
    return [{ apiVersion: `${group}/${version["name"]}`, kind, doc: docOf(schema), shape: rootOf(schema, metadata) }];
  });
}

/** The whole object: what every one has, and the definition's own fields. */
function rootOf(schema: Schema, metadata: Field | undefined): Shape {
  const own = shapeOf(schema);
  const fields = new Map<string, Field>();
  for (const name of ["apiVersion", "kind"]) fields.set(name, { name, doc: "", isRequired: true, values: [], shape: { is: "string" } });
  if (own.is === "object") for (const [name, field] of own.fields) fields.set(name, field);
  if (metadata) fields.set("metadata", metadata);
  return { is: "object", fields, isOpen: own.is !== "object" || own.isOpen };
}

function shapeOf(schema: Schema): Shape {
  if (schema["x-kubernetes-int-or-string"] === true) return { is: "integer or string" };
  const type = schema["type"];
  if (type === "array") return { is: "list", of: shapeOf(object(schema["items"])) };
  if (isObject(schema["properties"])) return objectOf(schema, schema["properties"]);
  if (isObject(schema["additionalProperties"])) return { is: "map", of: shapeOf(schema["additionalProperties"]) };
  return { is: PLAIN.find((plain) => plain === type) ?? "anything" };
}

function objectOf(schema: Schema, properties: Schema): Shape {
  const required = list(schema["required"]);
  const entries = Object.entries(properties).map(([name, one]): [string, Field] => {
    const field = object(one);
    const items = object(field["items"]);
    const values = list(field["enum"] ?? items["enum"]).filter(isScalar).map(String);
    return [name, { name, doc: docOf(field), isRequired: required.includes(name), values, shape: shapeOf(field) }];
  });
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true || Boolean(schema["additionalProperties"]);
  return { is: "object", fields: new Map(entries), isOpen };
}

function docOf(schema: Schema): string {
  const { description } = schema;
  const text = isScalar(description) ? String(description).replace(/\s+/g, " ").trim() : "";
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

/** Whether it can be shown: an object may say of itself how it becomes a text. */
function isScalar(value: Value | undefined): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isObject(value: Value | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function object(value: Value | undefined): Schema {
  return isObject(value) ? value : {};
}

function list(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}
