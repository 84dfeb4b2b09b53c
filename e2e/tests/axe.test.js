// @ts-check
//! axe looks at every state of the page, in both themes, and finds nothing.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { journey } from "../pages/journey.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Violations, each with the states of the page that have it. */
class Findings {
  /** @type {Map<string, string[]>} */
  states = new Map();

  /**
   * Looks at the page as it stands.
   * @param {import("../pages/playground.js").Playground} page
   * @param {string} state How the page stands, in words.
   */
  async look({ page }, state) {
    if (!(await page.evaluate(() => "axe" in window))) {
      await page.evaluate(AXE);
    }
    const found = await page.evaluate(async () => {
      // @ts-expect-error put there above
      const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
      return violations.flatMap((/** @type {any} */ { id, help, nodes }) =>
        nodes.map((/** @type {any} */ node) => `${id}: ${help}: ${node.target.flat(3).join(" ")}`),
      );
    });
    for (const line of found) {
      this.states.set(line, [...(this.states.get(line) ?? []), state]);
    }
  }

  check() {
    const lines = [...this.states].map(([line, states]) => `${line} (${states.join("; ")})`);
    assert.equal(lines.join("\n"), "");
  }
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  journey(
    `axe finds nothing in the ${colorScheme} page`,
    async ({ page }) => {
      const findings = new Findings();
      const look = (/** @type {string} */ state) => findings.look(page, state);
      await page.open();
      await page.manual();
      await look("before a run");
      await page.verdictAfter();
      for (const tab of ["Output", "Diff", "Results", "Logs", "Cost", "Module"]) {
        await page.show(tab);
        await look(`report, ${tab}`);
      }
      await page.show("Workspace");
      await page.page.getByRole("button", { name: "Check cases" }).click();
      await page.page.getByText("3 of 3 hold").waitFor();
      await page.show("Configuration");
      await look("workspace and configuration");
      await page.page.getByRole("button", { name: "+ Add a function" }).click();
      await look("the menu of functions");
      await page.page.keyboard.press("Escape");
      await page.show("Manifests");
      await page.manifests.fill("a: b\n\tc: d\n");
      await page.manifests.shows(/tab/i);
      await page.verdictAfter();
      await look("a mistake");
      await page.manifests.fill("apiVersion: v1\nkind: Pod\nspec:\n  restart: Never\n");
      await page.manifests.type("  restartPol");
      await page.manifests.options.first().waitFor();
      await look("completion");
      await page.page.keyboard.press("Escape");
      await page.manifests.explain("restart");
      await look("explanation");
      for (const { button, dialog } of [
        { button: /^Share$/, dialog: "Share this workspace" },
        { button: /^Budget/, dialog: "Budget" },
        { button: /^Keys$/, dialog: "Keys" },
      ]) {
        await page.page.getByRole("button", { name: button }).click();
        await page.dialog(dialog).waitFor();
        await look(`dialog, ${dialog}`);
        await page.page.keyboard.press("Escape");
      }
      findings.check();
    },
    { colorScheme },
  );
}

journey("axe finds nothing on a phone", async ({ page }) => {
  await page.page.setViewportSize({ width: 390, height: 844 });
  await page.open();
  const findings = new Findings();
  await findings.look(page, "phone");
  await page.page.getByRole("button", { name: "Examples and workspace" }).click();
  await findings.look(page, "phone, gallery");
  findings.check();
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  journey(
    `axe finds nothing in a ${colorScheme} request`,
    async ({ page }) => {
      const findings = new Findings();
      await page.openRequest("the-whole-gate");
      await page.manual();
      await findings.look(page, "a request");
      await page.page.getByText("More of the request").click();
      await findings.look(page, "all of its fields");
      await page.verdictAfter();
      await page.gateStep("magic-mutator");
      await findings.look(page, "the gate, with a module opened");
      const cases = await page.show("Cases");
      await cases.getByRole("button", { name: "Check all cases" }).click();
      await cases.getByText("holds", { exact: true }).nth(3).waitFor();
      await findings.look(page, "the matrix");
      await page.show("Settings");
      await page.gate.getByRole("button").last().click();
      await page.page.getByText(/^When it is asked/).click();
      await findings.look(page, "settings and rules");
      findings.check();
    },
    { colorScheme },
  );
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  journey(
    `axe finds nothing in a ${colorScheme} plugin`,
    async ({ page }) => {
      const findings = new Findings();
      await page.openRequest("images-in-use");
      await page.manual();
      await page.page.getByText(/^What if the cluster answered otherwise/).click();
      await page.page.getByRole("button", { name: "Change an answer" }).click();
      await findings.look(page, "a plugin");
      await page.verdictAfter();
      await findings.look(page, "two verdicts");
      await page.undo.click();
      await page.verdictAfter();
      await findings.look(page, "a terminal");
      const calls = await page.show("Calls");
      await calls.getByRole("group").first().getByText("200", { exact: true }).click();
      await findings.look(page, "a call that is opened");
      await page.show("Grants");
      await findings.look(page, "grants");
      await page.openRequest("a-dashboard-plugin");
      await page.verdictAfter();
      await findings.look(page, "a dashboard's answers");
      findings.check();
    },
    { colorScheme },
  );
}
