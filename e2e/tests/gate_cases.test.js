// @ts-check
//! The cases of a request: checked all at once, shown as a matrix, made of a run with its mutation.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

/** @param {import("../pages/playground.js").Playground} page */
async function check(page) {
  const panel = await page.show("Cases");
  await panel.getByRole("button", { name: "Check all cases" }).click();
  await panel.getByText("…", { exact: true }).first().waitFor({ state: "detached" });
  const rows = await panel.getByRole("row").allInnerTexts();
  return rows.slice(1).map((row) => row.replace(/\s+/g, " ").trim());
}

journey("cases and modules make a matrix", async ({ page }) => {
  await page.openRequest("the-whole-gate");
  await page.manual();
  const rows = await check(page);
  assert.equal(rows.length, 4);
  assert.match(rows[0] ?? "", /holds allowed allowed allowed allowed$/);
  assert.match(rows[1] ?? "", /holds no opinion not reached not reached not reached$/);
  assert.match(rows[3] ?? "", /holds allowed allowed allowed denied$/);
});

journey("a run becomes a case, its mutation too, and settings that break it are found", async ({ page }) => {
  await page.openRequest("defaults-for-resources");
  await page.manual();
  await page.verdictAfter();
  const panel = await page.show("Cases");
  const before = (await check(page)).length;
  await panel.getByRole("button", { name: "Make a case of this run" }).click();
  await panel.getByRole("row").nth(before + 1).waitFor();
  assert.match((await check(page)).at(-1) ?? "", /holds/);

  await page.show("Settings");
  await page.settings.fill("limits: {memory: 1Gi}\n");
  assert.match((await check(page)).at(-1) ?? "", /fails/);
});

journey("a request travels in a link, with its cases, and is undone", async ({ page, stranger }) => {
  await page.openRequest("the-whole-gate");
  await page.manual();
  const link = await page.link();
  const other = await stranger();
  await other.page.goto(link);
  await other.gate.getByText("magic-validator").waitFor();
  assert.match(await other.verdictAfter(), /passes the gate/);
  await other.show("Request");
  await other.page.getByLabel("Template").selectOption("Service");
  await other.request.shows("kind: Service");
  await other.undo.click();
  await other.request.shows("kind: ConfigMap");
});
