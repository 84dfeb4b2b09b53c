// @ts-check
//! One of the page's editors, by its accessible name: read, write, paste.
//! Refuses to reach into CodeMirror: what it does, a person's keys and clipboard could do.

/** For so long a list that just came takes no key, in milliseconds: a key may have been meant for the text. */
const LIST_SETTLES_MS = 150;

export class Editor {
  /**
   * @param {import("playwright-core").Page} page
   * @param {string} name
   */
  constructor(page, name) {
    this.page = page;
    this.field = page.getByRole("textbox", { name, exact: true });
    this.options = page.getByRole("listbox", { name: "Completions" }).getByRole("option");
    this.explanation = page.getByRole("tooltip");
    this.version = page.getByRole("combobox", { name: "Kubernetes" });
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

  /**
   * Types at the end of the text, key by key.
   * @param {string} text
   */
  async type(text) {
    await this.field.focus();
    await this.page.keyboard.press("ControlOrMeta+End");
    await this.page.keyboard.type(text);
  }

  /**
   * Waits until a completion is offered first, and accepts it.
   * @param {string | RegExp} words What it shows.
   * @param {"Enter" | "Tab"} [key]
   */
  async accept(words, key = "Enter") {
    await this.options.and(this.page.locator("[aria-selected]")).filter({ hasText: words }).waitFor();
    await this.page.waitForTimeout(LIST_SETTLES_MS);
    await this.page.keyboard.press(key);
  }

  /**
   * Rests the pointer on a word and gives what is said of it.
   * @param {string} word All that is coloured alike.
   */
  async explain(word) {
    await this.field.getByText(word, { exact: true }).first().hover();
    await this.explanation.waitFor();
    return (await this.explanation.innerText()).replaceAll(/\s+/g, " ");
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
