//! What can stand at a place of a manifest: fields where they may be, values where they are known, API versions, kinds.
//! It offers and never insists: what is not offered may be right, and where nothing is known nothing is offered.

import type { Text } from "@codemirror/state";
import { isNotString } from "../scalars.ts";
import type { Kinds } from "./library.ts";
import { type Head, keysBeside, type Place } from "./place.ts";
import { type Field, fieldAt, follow, inWords, ITEM, type Kind, type Shape } from "./shape.ts";

/** Something that can be put in. Texts have `\n` for a line's end. */
export interface Option {
  readonly label: string;
  /** What it is, in a word or two. */
  readonly detail?: string;
  /** What there is to say of it. */
  readonly of?: Field | Kind;
  readonly insert: string;
  /** A line to put in above. */
  readonly above?: string;
  /** Whether there are values to choose from right behind it. */
  readonly asks?: boolean;
  /** Higher ones come first; those of equal rank by name. */
  readonly rank?: number;
}

/** Characters that are looked at for how a document indents its lists. */
const LOOKED_AT = 20_000;

/** Whether options at a place depend on what is known of kinds, so that it must be loaded. */
export function needsKinds(place: Place, head: Head): boolean {
  return isHead(place) || (head.apiVersion !== null && head.kind !== null);
}

/** The options at a place. */
export function optionsAt(doc: Text, place: Place, head: Head, kinds: Kinds | null, texts: readonly string[]): Option[] {
  if (place.path.length === 0 && (head.apiVersion === null || head.kind === null)) return beginnings(doc, place, head);
  if (!kinds) return [];
  if (isHead(place)) return place.path[0] === "kind" ? kindNames(kinds.all(texts), head) : apiVersions(kinds.all(texts), head);
  const kind = kinds.find(head.apiVersion, head.kind, texts);
  return kind ? within(doc, place, kind.shape) : [];
}

/** Whether it is the value of a document's own `apiVersion` or `kind`. */
function isHead({ role, path }: Place): boolean {
  return role === "value" && path.length === 1 && (path[0] === "apiVersion" || path[0] === "kind");
}

/** How a document begins, before its kind is known. */
function beginnings(doc: Text, place: Place, head: Head): Option[] {
  if (place.role !== "key") return [];
  const taken = keysBeside(doc, place.line, place.column);
  const missing = [head.apiVersion === null && "apiVersion", head.kind === null && "kind"];
  const names = missing.filter((name) => name !== false && !taken.has(name)) as string[];
  return names.map((name) => ({ label: name, insert: place.hasColon ? name : `${name}: `, asks: !place.hasColon }));
}

/** Those that have the kind, where that tells; otherwise all. */
function apiVersions(kinds: readonly Kind[], head: Head): Option[] {
  const fitting = kinds.filter((one) => one.kind === head.kind);
  const names = new Set((fitting.length > 0 ? fitting : kinds).map((one) => one.apiVersion));
  return [...names].map((label) => ({ label, insert: label }));
}

/** Those of the API version; of all where there is none yet, which is then put in with the kind. */
function kindNames(kinds: readonly Kind[], head: Head): Option[] {
  const fitting = kinds.filter((one) => head.apiVersion === null || one.apiVersion === head.apiVersion);
  return fitting.map((of) => ({
    label: of.kind,
    detail: of.apiVersion,
    of,
    insert: of.kind,
    ...(head.apiVersion === null ? { above: `apiVersion: ${of.apiVersion}` } : {}),
  }));
}

function within(doc: Text, place: Place, root: Shape): Option[] {
  if (place.role === "value") return values(fieldAt(root, place.path));
  const shape = follow(root, place.path);
  if (shape?.is === "object") return keys(doc, place, shape.fields.values());
  // An item that is a value: what is known of it is known of its list.
  return place.role === "item" && place.path.at(-1) === ITEM ? values(fieldAt(root, place.path.slice(0, -1))) : [];
}

function values(of: Field | null): Option[] {
  if (!of) return [];
  const known = of.shape.is === "boolean" ? ["true", "false"] : of.values;
  return known.map((label, index) => ({ label, of, insert: scalar(label, of.shape), rank: -index }));
}

/** A value as YAML: quoted where it is a text that kubectl would read as something else. */
function scalar(value: string, shape: Shape): string {
  const item = shape.is === "list" ? shape.of : shape;
  return item.is === "string" && isNotString(value) ? `"${value}"` : value;
}

function keys(doc: Text, place: Place, fields: Iterable<Field>): Option[] {
  const taken = keysBeside(doc, place.line, place.column);
  const left = [...fields].filter((field) => !taken.has(field.name));
  const list = listIndent(doc);
  return left.map((of) => ({
    label: of.name,
    detail: inWords(of.shape),
    of,
    insert: of.name + (place.hasColon ? "" : beginning(of.shape, " ".repeat(place.column), list)),
    asks: !place.hasColon && (of.shape.is === "boolean" || (of.shape.is === "string" && of.values.length > 0)),
    rank: of.isRequired ? 1 : 0,
  }));
}

/** What stands between a key and its value. */
function beginning(shape: Shape, indent: string, list: string): string {
  if (shape.is === "object" || shape.is === "map") return `:\n${indent}  `;
  return shape.is === "list" ? `:\n${indent}${list}- ` : ": ";
}

/** How the document's first list is indented; by two spaces where it has none. */
function listIndent(doc: Text): string {
  const found = /^( *)(?:- +)*[^\s#-][^\n]*:[ \t]*\n( *)- /m.exec(doc.sliceString(0, LOOKED_AT, "\n"));
  return found && (found[1]?.length ?? 0) >= (found[2]?.length ?? 0) ? "" : "  ";
}
