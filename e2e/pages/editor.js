// @ts-check
//! One of the page's editors, by its accessible name: read, write, paste.
//! Refuses to reach into CodeMirror: what it does, a person's keys and clipboard could do.

export class Editor {
  /**
   * @param {import("playwright-core").Page} page
   * @param {string} name
   */
  constructor(page, name) {
    this.page = page;
    this.field = page.getByRole("textbox", { name, exact: true });
  }

  /** The text that is in view: all of it, unless it is longer than the editor is high. */
  async text() {
    return this.field.evaluate((field) =>
      Array.from(field.querySelectorAll(".cm-line"), (line) => line.textContent).join("\n"),
    );
  }

  /**
   * Replaces all of the text, as pasting over a selection does, and leaves the editor, which reports it at once.
   * @param {string} text
   */
  async fill(text) {
    await this.field.focus();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.paste(text);
    await this.leave();
  }

  /**
   * Pastes at the cursor.
   * @param {string} text
   */
  async paste(text) {
    await this.field.evaluate((field, pasted) => {
      const data = new DataTransfer();
      data.setData("text/plain", pasted);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Takes the focus away. */
  async leave() {
    await this.field.blur();
  }

  /**
   * Waits until the text in view holds something.
   * @param {string | RegExp} words
   */
  async shows(words) {
    await this.field.filter({ hasText: words }).waitFor();
  }
}
