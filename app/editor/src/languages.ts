//! The languages of the page's documents: how each is parsed, indented and coloured.
//! It checks nothing: whether a text is right is for the engine to say.

import { json } from "@codemirror/lang-json";
import { pythonLanguage } from "@codemirror/lang-python";
import { wast } from "@codemirror/lang-wast";
import { yaml } from "@codemirror/lang-yaml";
import { indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { plainScalars } from "./scalars.ts";

/** A kind of document. `python` also serves Starlark, whose grammar is a part of Python's. */
export type Language = "yaml" | "json" | "wat" | "python" | "text";

/** How wide a tab character is drawn, in columns; manifests are indented by two. */
const TAB_COLUMNS = 2;

/** Parser, indentation and colours of `language`. A name that is not known is treated as `text`. */
export function languageSupport(language: Language): Extension {
  return [parserOf(language), indentUnit.of(language === "python" ? "    " : "  "), EditorState.tabSize.of(TAB_COLUMNS)];
}

function parserOf(language: Language): Extension {
  switch (language) {
    case "yaml":
      return [yaml(), plainScalars];
    case "json":
      return json();
    case "wat":
      return wast();
    case "python":
      return pythonLanguage;
    default:
      return [];
  }
}
