//! What makes a view one for reading.
//! It takes away writing only: searching, selecting and copying stay.

import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** Nothing can be typed, and a phone does not open its keyboard. The view needs a `tabindex` to stay reachable. */
export const readOnly: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ "aria-readonly": "true" }),
];
