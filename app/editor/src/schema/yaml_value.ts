//! The value of a YAML text, from the grammar that the editor has anyhow.
//! It reads definitions, which machines write: aliases, tags and merge keys stay unread, and a broken part is left out.

import { yamlLanguage } from "@codemirror/lang-yaml";
import type { SyntaxNode } from "@lezer/common";
import { isNotString } from "../scalars.ts";

/** A value as JSON has it. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

/** How deep values may nest; Kubernetes takes a hundred levels. */
const DEEPEST = 200;

/** The value of the first document of `text`. */
export function yamlValue(text: string): Value {
  const document = yamlLanguage.parser.parse(text).topNode.getChild("Document");
  return valueOf(text, document?.firstChild ?? null, 0);
}

function valueOf(text: string, start: SyntaxNode | null, depth: number): Value {
  const node = content(start);
  if (!node || depth > DEEPEST) return null;
  switch (node.name) {
    case "BlockMapping":
    case "FlowMapping":
      return Object.fromEntries(node.getChildren("Pair").map((pair) => pairOf(text, pair, depth)));
    case "BlockSequence":
    case "FlowSequence":
      return node.getChildren("Item").map((item) => valueOf(text, item.firstChild, depth + 1));
    case "QuotedLiteral":
      return unquoted(text.slice(node.from, node.to));
    case "BlockLiteral":
      return block(text.slice(node.from, node.to));
    case "Literal":
      return plain(text.slice(node.from, node.to));
    default:
      return null;
  }
}

/** The first node that holds something: comments, anchors and tags do not. */
function content(start: SyntaxNode | null): SyntaxNode | null {
  for (let node = start; node; node = node.nextSibling) {
    if (node.name === "Tagged" || node.name === "Anchored") return content(node.firstChild);
    if (!["Comment", "Anchor", "Tag", ":", "?", "-", "DirectiveEnd"].includes(node.name)) return node;
  }
  return null;
}

function pairOf(text: string, pair: SyntaxNode, depth: number): [string, Value] {
  const key = pair.getChild("Key");
  const name = key ? text.slice(key.from, key.to) : "";
  return [String(/^["']/.test(name) ? unquoted(name) : name), valueOf(text, key?.nextSibling ?? null, depth + 1)];
}

function plain(text: string): Value {
  if (!isNotString(text)) return inOneLine(text);
  if (/^(?:true|yes|on|y)$/i.test(text)) return true;
  if (/^(?:false|no|off|n)$/i.test(text)) return false;
  const number = Number(text.replaceAll("_", ""));
  return Number.isFinite(number) ? number : null;
}

/** Lines of a text as one; without an expression, which takes its time over a long run of spaces. */
function inOneLine(text: string): string {
  const lines = text.split("\n");
  const last = lines.length - 1;
  return lines.map((line, at) => (at > 0 ? line.trimStart() : line)).map((line, at) => (at < last ? line.trimEnd() : line)).join(" ");
}

/** The text in quotes. Escapes that JSON does not have are left as they stand. */
export function unquoted(text: string): string {
  const inner = inOneLine(text.slice(1, -1));
  if (text.startsWith("'")) return inner.replaceAll("''", "'");
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    return inner;
  }
}

/** A block literal, folded into lines of text where it is a folded one. */
function block(text: string): string {
  const [header = "", ...lines] = text.split(/\r?\n/);
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = indents.reduce((least, one) => Math.min(least, one), Number.MAX_SAFE_INTEGER);
  const cut = lines.map((line) => line.slice(indent));
  return header.startsWith(">") ? cut.join(" ").trim() : cut.join("\n");
}
