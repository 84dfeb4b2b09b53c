// @ts-check
//! The names that people and programs rely on: each is found by its role, and found once, in every state.

import assert from "node:assert/strict";
import { ECHOES } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

/**
 * Counts, by part of the name as programs usually ask, what should be there once.
 * @param {import("../pages/playground.js").Playground} page
 */
async function counts({ page }) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const name of ["Run", "Stop", "Share"]) {
    found[`button ${name}`] = await page.getByRole("button", { name, exact: true }).count();
  }
  for (const name of ["Manifests", "Output", "Diff", "Logs", "Module"]) {
    found[`tab ${name}`] = await page.getByRole("tab", { name }).count();
  }
  found["label Open module"] = await page.getByLabel("Open module").count();
  found["live region Verdict"] = await page.getByRole("status", { name: "Verdict" }).count();
  found["label Verdict"] = await page.getByLabel("Verdict").count();
  return Object.entries(found).filter(([, count]) => count !== 1);
}

journey("every name is there once, before and after a module was opened and run", async ({ page }) => {
  await page.open();
  await page.manual();
  assert.deepEqual(await counts(page), [], "at first");
  await page.openModules({ name: "echo.wat", bytes: ECHOES });
  assert.deepEqual(await counts(page), [], "with a module");
  await page.verdictAfter();
  assert.deepEqual(await counts(page), [], "after a run");
  await page.undo.click();
  await page.pipeline.getByText("set-namespace").waitFor();
  assert.deepEqual(await counts(page), [], "after undo");
});
