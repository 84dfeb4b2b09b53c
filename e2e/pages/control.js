// @ts-check
//! The control of the journeys with bad input: a run that is known to be good, repeated after each bad one.
//! Refuses to stop at the first finding: one page meets them all, and all that is wrong is said together.

import assert from "node:assert/strict";
import { ECHOES } from "../guests/wat.js";

/** What is typed before anything bad happens. */
const TYPED = "# typed before\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: control\n";

/** The most characters that a sentence for a person may have: a guest must not fill the page with its own. */
const LONGEST = 600;

export class Control {
  /** @type {string[]} */
  findings = [];
  /** What the good run came to. */
  good = "";

  /** @param {import("./playground.js").Playground} page */
  constructor(page) {
    this.page = page;
  }

  /** Opens the page, types, and does the good run for the first time. */
  async begin() {
    const { page } = this;
    await page.open();
    await page.manual();
    await page.manifests.fill(TYPED);
    this.good = await this.run();
  }

  /** The good run: its sentence and its output. */
  async run() {
    const { page } = this;
    await page.openModules({ name: "control.wat", bytes: ECHOES });
    await page.verdictAfter();
    await page.show("Output");
    return `${await page.sentence()}\n${await page.output.text()}`;
  }

  /**
   * Does something bad, judges what the page says, and then whether all is as before.
   * @param {string} what The bad thing, for the finding.
   * @param {() => Promise<string>} act Does it and gives what the page says.
   * @param {RegExp[]} expected What that must hold: the cause, the place.
   */
  async survives(what, act, expected) {
    try {
      const said = await act();
      for (const words of expected) {
        this.judge(words.test(said), `${what}: the page says ${JSON.stringify(said)}, without ${words}`);
      }
      this.judge(said.length <= LONGEST, `${what}: ${said.length} characters of sentence`);
      this.judge((await this.run()) === this.good, `${what}: the next good run came to something else`);
      await this.page.show("Manifests");
      this.judge((await this.page.manifests.text()) === TYPED, `${what}: what was typed is not there any more`);
    } catch (error) {
      this.findings.push(`${what}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    }
  }

  /** Puts the text back that was typed before. */
  async restore() {
    await this.page.show("Manifests");
    await this.page.manifests.fill(TYPED);
  }

  /**
   * @param {boolean} holds
   * @param {string} finding
   */
  judge(holds, finding) {
    if (!holds) {
      this.findings.push(finding);
    }
  }

  /** Fails with everything that was found. */
  check() {
    assert.equal(this.findings.join("\n"), "");
  }
}
