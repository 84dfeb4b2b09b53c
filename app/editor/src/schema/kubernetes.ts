//! Reads the file of one version of Kubernetes, as `xtask/src/schema/tree.rs` writes it.
//! It trusts the file, which is a part of the page, and reads a type's fields only when they are asked for.

import type { Field, Kind, Plain, Shape } from "./shape.ts";

/** A field: its type, its description, whether it is required, its values. */
type Entry = [type: string, doc: string, isRequired?: number, values?: string[]];

/** The file's content; the generator describes it. */
export interface Compact {
  version: string;
  kinds: [apiVersion: string, kind: string, type: number, doc: string][];
  types: Record<string, Entry>[];
}

const PLAIN: Record<string, Plain> = { s: "string", i: "integer", n: "number", b: "boolean", q: "quantity", x: "integer or string", t: "time" };

/** The kinds of a version. */
export function readKinds(compact: Compact): Kind[] {
  const known: Shape[] = [];
  const shapeOf = (type: string): Shape => {
    if (type.startsWith("[")) return { is: "list", of: shapeOf(type.slice(1)) };
    if (type.startsWith("{")) return { is: "map", of: shapeOf(type.slice(1)) };
    const number = Number(type);
    if (Number.isInteger(number)) return (known[number] ??= objectOf(compact.types[number] ?? {}, shapeOf));
    return { is: PLAIN[type] ?? "anything" };
  };
  return compact.kinds.map(([apiVersion, kind, type, doc]) => ({ apiVersion, kind, doc, shape: shapeOf(String(type)) }));
}

function objectOf(entries: Record<string, Entry>, shapeOf: (type: string) => Shape): Shape {
  let fields: Map<string, Field> | undefined;
  return {
    is: "object",
    isOpen: false,
    get fields() {
      fields ??= new Map(Object.entries(entries).map(([name, entry]) => [name, fieldOf(name, entry, shapeOf)]));
      return fields;
    },
  };
}

function fieldOf(name: string, [type, doc, isRequired, values]: Entry, shapeOf: (type: string) => Shape): Field {
  return { name, doc, isRequired: isRequired === 1, values: values ?? [], shape: shapeOf(type) };
}
