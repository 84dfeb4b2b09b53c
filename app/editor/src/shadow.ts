//! Gives a view a shadow root to live in, because under `style-src 'self'` CodeMirror can only style itself there
//! (it uses adopted style sheets in a shadow root and a `<style>` element in a document).
//! It never touches the page around the host.

/** Rules outside any CodeMirror view: the host's own box and the frame of a side-by-side diff. */
const FRAME = `
:host { display: block; min-block-size: 0; min-inline-size: 0; overflow: hidden; }
:host([hidden]) { display: none; }
.cm-mergeView { block-size: 100%; overflow: auto; background: var(--surface); }
.cm-mergeViewEditors { min-block-size: 100%; }
.cm-mergeViewEditor { min-inline-size: 0; }
.cm-mergeViewEditor + .cm-mergeViewEditor { border-inline-start: 1px solid var(--edge); }
`;

/**
 * The empty shadow root of `host`. A host that held a view before is emptied and used again, since a shadow root
 * cannot be taken off an element. Children of `host` itself are not shown while it has one.
 */
export function emptyShadow(host: HTMLElement): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(FRAME);
  root.adoptedStyleSheets = [sheet];
  return root;
}
