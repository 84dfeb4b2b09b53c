// @ts-check
//! The page as a person meets it: roles and accessible names, never CSS.
//! Refuses to assert: it does things and says what is there; the journeys judge.

import { Editor } from "./editor.js";

/** What the verdict says while something runs. */
const RUNNING = "Running…";

/** Until a worker that was made deaf is. */
const DEAF_MS = 300;

/** A file as a person would choose it. */
/** @typedef {{ name: string, mimeType: string, buffer: Buffer }} Chosen */

export class Playground {
  /**
   * @param {import("playwright-core").Page} page
   * @param {string} origin
   */
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
    this.verdict = page.getByRole("status", { name: "Verdict" });
    this.notice = page.getByRole("alert", { name: "Notice" });
    this.run = page.getByRole("button", { name: "Run", exact: true });
    this.stop = page.getByRole("button", { name: "Stop", exact: true });
    this.share = page.getByRole("button", { name: "Share", exact: true });
    this.undo = page.getByRole("button", { name: /^Undo/ });
    this.redo = page.getByRole("button", { name: /^Redo/ });
    this.pipeline = page.getByRole("list", { name: "Pipeline" });
    this.steps = this.pipeline.getByRole("button");
    this.manifests = new Editor(page, "Manifests editor");
    this.configuration = new Editor(page, "Configuration editor");
    this.gate = page.getByRole("list", { name: "Gate", exact: true });
    this.lanes = page.getByRole("list", { name: "Lanes", exact: true }).getByRole("listitem");
    this.request = new Editor(page, "Request editor");
    this.settings = new Editor(page, "Settings editor");
    this.file = new Editor(page, "Workspace editor");
    this.output = new Editor(page, "Output");
    this.auto = page.getByRole("checkbox", { name: "Update on change" });
    this.footer = page.getByRole("contentinfo");
  }

  /** Opens the page for the first time: the first example comes by itself. */
  async open() {
    await this.page.goto(`${this.origin}/`);
    await this.ready();
    await this.steps.first().waitFor();
  }

  /**
   * Opens a link that holds a workspace.
   * @param {string} address The whole address.
   */
  async openLink(address) {
    await this.page.goto(address);
    await this.ready();
    await this.page.getByRole("tab", { name: "Workspace", selected: true }).waitFor();
  }

  /** Waits until the page can be used. */
  async ready() {
    await this.run.waitFor();
    await this.manifests.field.waitFor();
  }

  /**
   * Opens an example by its address and waits until it is there.
   * @param {string} name
   */
  async openExample(name) {
    await this.page.goto(`${this.origin}/#example/${name}`);
    await this.ready();
    await this.page.locator(`a[href="#example/${name}"][aria-current="true"]`).waitFor({ state: "attached" });
  }

  /**
   * Opens an example of a request by its address and waits until it is there.
   * @param {string} name
   */
  async openRequest(name) {
    await this.page.goto(`${this.origin}/#example/${name}`);
    await this.run.waitFor();
    await this.request.field.waitFor();
    await this.page.locator(`a[href="#example/${name}"][aria-current="true"]`).waitFor({ state: "attached" });
  }

  /**
   * A field of the request's form, or of a module's.
   * @param {string} name
   */
  field(name) {
    return this.page.getByLabel(name, { exact: true });
  }

  /** What each lane says, as in `Storage not reached`. */
  async laneTexts() {
    return (await this.lanes.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  }

  /**
   * Opens the line of a module under Gate, and gives its details.
   * @param {string} name
   */
  async gateStep(name) {
    const panel = await this.show("Gate");
    const step = panel.getByRole("group").filter({ hasText: name }).first();
    await step.getByText(name, { exact: true }).first().click();
    return step;
  }

  /** Switches running on change off, where a journey counts its runs. */
  async manual() {
    await this.auto.uncheck();
  }

  /**
   * Sets a limit of what this person allows.
   * @param {string} name As under Budget.
   * @param {number} value In the unit that stands there.
   */
  async limit(name, value) {
    await this.page.getByRole("button", { name: "Budget" }).click();
    const budget = this.dialog("Budget");
    const field = budget.getByRole("spinbutton", { name: new RegExp(`^${name}`) });
    await field.fill(String(value));
    await field.press("Tab");
    await this.page.keyboard.press("Escape");
    await budget.waitFor({ state: "hidden" });
  }

  /** Allows as much as can be allowed, for what is large. */
  async allowMuch() {
    const most = { Time: 60, Fuel: 1_000_000, Memory: 1_024, Output: 64, Copied: 4_096 };
    for (const [name, value] of Object.entries(most)) {
      await this.limit(name, value);
    }
  }

  /**
   * A tab.
   * @param {string} name
   */
  tab(name) {
    return this.page.getByRole("tab", { name, exact: true });
  }

  /**
   * Chooses a tab and gives its panel.
   * @param {string} name
   */
  async show(name) {
    await this.tab(name).click();
    return this.page.getByRole("tabpanel", { name, exact: true });
  }

  /** The verdict's sentence. */
  async sentence() {
    return (await this.verdict.getByRole("heading").innerText()).trim();
  }

  /** The verdict's sentence and its hint. */
  async verdictText() {
    return (await this.verdict.innerText()).trim();
  }

  /**
   * Does something that runs the workspace, and gives the verdict that follows.
   * @param {() => Promise<unknown>} [act] Default: presses Run.
   * @param {number} [patience] In milliseconds.
   */
  async verdictAfter(act = () => this.run.click(), patience = 40_000) {
    // A verdict may say what the one before said, so what counts is that "Running…" stood there in between.
    await this.verdict.evaluate((region, running) => {
      const state = { ran: false };
      const look = () => {
        state.ran ||= region.textContent?.includes(running) ?? false;
      };
      const observer = new MutationObserver(look);
      observer.observe(region, { subtree: true, childList: true, characterData: true });
      Object.assign(window, { seenRun: state });
      look();
    }, RUNNING);
    await act();
    await this.page.waitForFunction(
      ([running, idle]) => {
        const region = document.querySelector('[role="status"][aria-label="Verdict"]');
        const words = region?.textContent ?? "";
        // @ts-expect-error put there above
        return window.seenRun.ran && !words.includes(running) && !words.includes(idle);
      },
      /** @type {const} */ ([RUNNING, "Press Run to see"]),
      { timeout: patience },
    );
    return this.verdictText();
  }

  /**
   * Opens modules in place of the pipeline.
   * @param {...{ name: string, bytes: Uint8Array | string }} modules
   */
  async openModules(...modules) {
    await this.page.getByLabel("Open module", { exact: true }).setInputFiles(modules.map(chosen));
    await this.pipeline.getByText(modules[0]?.name.replace(/\.wa(sm|t)$/, "") ?? "").first().waitFor();
  }

  /**
   * Drops files on the page.
   * @param {...{ name: string, bytes: Uint8Array | string }} files
   */
  async drop(...files) {
    const given = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }));
    await this.page.evaluate((dropped) => {
      const data = new DataTransfer();
      for (const { name, base64 } of dropped) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name));
      }
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, given);
  }

  /**
   * Drops a file of this machine on the page as the browser itself would: nothing of it goes through the page but
   * what the page reads.
   * @param {string} path The whole path.
   */
  async dropFile(path) {
    const client = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
      await client.send("Input.dispatchDragEvent", { type, x: 700, y: 400, data });
    }
    await client.detach();
  }

  /** Makes the engine deaf, as a guest does that keeps the host in one long call: it hears and says nothing more. */
  async deafen() {
    for (const worker of this.page.workers()) {
      const began = worker.evaluate(() => {
        for (;;);
      });
      // It ends when the page ends the worker.
      began.catch(() => undefined);
    }
    await this.page.waitForTimeout(DEAF_MS);
  }

  /**
   * Adds a function of the examples.
   * @param {string} guest
   */
  async addFunction(guest) {
    const before = await this.steps.count();
    await this.page.getByRole("button", { name: "+ Add a function" }).click();
    await this.page
      .getByRole("list", { name: "Guests of the examples" })
      .getByRole("button", { name: guest, exact: true })
      .click();
    await this.steps.nth(before).waitFor();
  }

  /** The names of the steps, as in `Step 1 set-namespace, mutator`. */
  async stepNames() {
    return this.steps.evaluateAll((steps) => steps.map((step) => step.getAttribute("aria-label") ?? ""));
  }

  /**
   * A dialog.
   * @param {string} name
   */
  dialog(name) {
    return this.page.getByRole("dialog", { name, exact: true });
  }

  /**
   * Opens the share dialog and reads the link.
   * @returns {Promise<string>}
   */
  async link() {
    await this.share.click();
    const link = this.dialog("Share this workspace").getByRole("textbox", { name: "Link" });
    return link.inputValue();
  }

  /**
   * Waits until something the page says matches.
   * @param {import("playwright-core").Locator} where
   * @param {RegExp | string} words
   */
  async says(where, words) {
    await where.filter({ hasText: words }).first().waitFor();
    return (await where.first().innerText()).trim();
  }
}

/**
 * @param {{ name: string, bytes: Uint8Array | string }} file
 * @returns {Chosen}
 */
function chosen({ name, bytes }) {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
}
