//! What a YAML document of the page gets from what is known of kinds: completion, explanations, hints and the bar.
//! A document that is only read gets explanations alone.

import type { Extension } from "@codemirror/state";
import { bar } from "./bar.ts";
import { completion } from "./completion.ts";
import { hints } from "./hints.ts";
import { explanation } from "./hover.ts";
import { otherTexts, type Texts } from "./texts.ts";
import { schemaTheme } from "./theme.ts";

/** The extension for a document; `texts` are the other ones that may define kinds. */
export function manifestSupport(isReadOnly: boolean, texts: Texts | undefined): Extension {
  const written: Extension = isReadOnly ? [] : [completion, hints, bar];
  return [texts ? otherTexts.of(texts) : [], explanation, written, schemaTheme];
}
