//! The texts that may define kinds: the one in the editor, and those that the page says there are.
//! It keeps none of them.

import { type EditorState, Facet } from "@codemirror/state";

/** Gives the workspace's texts with definitions in them. Called when something is to be completed or explained. */
export type Texts = () => readonly string[];

/** Where an editor was given such a function. */
export const otherTexts = Facet.define<Texts, Texts>({ combine: (all) => all[0] ?? (() => []) });

/** A definition says so in a line of its own. */
const MARK = "CustomResourceDefinition";

/** Reading a document of this many characters for definitions at every key would be felt. */
const LONGEST = 1_000_000;

/** The document's text, when it has definitions, and the other texts'. */
export function definitionsNear(state: EditorState): string[] {
  const own = state.doc.length <= LONGEST ? state.doc.toString() : "";
  return [...(own.includes(MARK) ? [own] : []), ...state.facet(otherTexts)()];
}
