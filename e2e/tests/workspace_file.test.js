// @ts-check
//! A workspace leaves the page as a file, and comes back by opening or dropping it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { journey } from "../pages/journey.js";

/**
 * Downloads the workspace and gives the file's text.
 * @param {import("../pages/playground.js").Playground} page
 */
async function download(page) {
  await page.share.click();
  const button = page.dialog("Share this workspace").getByRole("button", { name: "Download file" });
  const [file] = await Promise.all([page.page.waitForEvent("download"), button.click()]);
  assert.equal(file.suggestedFilename(), "drydock.yaml");
  const text = readFileSync((await file.path()) ?? "", "utf8");
  await page.page.keyboard.press("Escape");
  return text;
}

journey("a downloaded workspace opens again, dropped or chosen, to the same bytes", async ({ page, stranger }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill('# kept\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kept\ndata:\n  on: "on"\n');
  const file = await download(page);
  assert.match(file, /^drydock: 1$/m);

  const dropped = await stranger();
  await dropped.open();
  await dropped.drop({ name: "drydock.yaml", bytes: file });
  await dropped.manifests.shows("# kept");
  assert.match(await dropped.sentence(), /press run/i, "a file runs nothing");
  assert.equal(await download(dropped), file);

  const chosen = await stranger();
  await chosen.open();
  await chosen.show("Workspace");
  await chosen.page
    .getByLabel("Open files")
    .setInputFiles({ name: "drydock.yaml", mimeType: "application/yaml", buffer: Buffer.from(file) });
  await chosen.manifests.shows("# kept");
  assert.match(await chosen.verdictAfter(), /3 functions finished|Step/);
});

journey("a manifest that is dropped becomes a file, and a broken workspace changes nothing", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.drop({ name: "extra.yaml", bytes: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra\n" });
  await page.manifests.shows("name: extra");
  await page.page.getByRole("group", { name: "Files" }).getByRole("button", { name: "extra.yaml" }).waitFor();

  await page.drop({ name: "drydock.yaml", bytes: "drydock: 1\npipeline: [this is no pipeline\n" });
  const words = await page.says(page.notice, /workspace|line/i);
  assert.match(words, /line|column/i);
  await page.manifests.shows("name: extra");

  await page.drop({ name: "drydock.yaml", bytes: "drydock: 99\n" });
  await page.says(page.notice, /version 99/);
  await page.manifests.shows("name: extra");
});
