// @ts-check
//! Colours follow the system until a person chooses, and the choice stays.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

/** @param {import("../pages/playground.js").Playground} page */
const background = ({ page }) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** @param {import("../pages/playground.js").Playground} page */
const editorScheme = ({ manifests }) =>
  manifests.field.evaluate((field) => {
    const editor = field.closest(".cm-editor");
    return editor ? getComputedStyle(editor).color : "";
  });

journey("dark colours are chosen, reach the editors, and stay after a reload", async ({ page }) => {
  await page.open();
  const [light, lightEditor] = [await background(page), await editorScheme(page)];
  await page.page.getByRole("button", { name: "Dark colours" }).click();
  const back = page.page.getByRole("button", { name: "Light colours" });
  await back.waitFor();
  const dark = await background(page);
  assert.notEqual(dark, light);
  assert.notEqual(await editorScheme(page), lightEditor);

  await page.page.reload();
  await page.ready();
  await back.waitFor();
  assert.equal(await background(page), dark);
  await back.click();
  assert.equal(await background(page), light);
});

journey(
  "a dark system gets a dark page without asking",
  async ({ page }) => {
    await page.open();
    await page.page.getByRole("button", { name: "Light colours" }).waitFor();
  },
  { colorScheme: "dark" },
);
