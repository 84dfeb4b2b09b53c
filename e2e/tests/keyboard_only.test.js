// @ts-check
//! A person without a mouse goes the whole way: picks an example, edits, runs, reads, shares, stops.

import assert from "node:assert/strict";
import { LOOPS } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

/**
 * Presses a key until something has the focus.
 * @param {import("../pages/playground.js").Playground} page
 * @param {import("playwright-core").Locator} wanted
 * @param {string} [key]
 */
async function reach(page, wanted, key = "Tab") {
  await wanted.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await wanted.evaluate((element) => element.matches(":focus"))) {
      return;
    }
    await page.page.keyboard.press(key);
  }
  assert.fail(`120 times ${key} did not lead to ${wanted}`);
}

journey("the whole way without a mouse", async ({ page }) => {
  const { keyboard } = page.page;
  await page.open();

  const card = page.page.getByRole("navigation").getByRole("link", { name: /^one image/i });
  await reach(page, card);
  await keyboard.press("Enter");
  await page.page.waitForURL(/#example\/set-an-image$/);
  await page.manifests.shows("image:");

  await keyboard.press("Control+Enter");
  await page.says(page.verdict, /finished/);

  await reach(page, page.manifests.field);
  await keyboard.press("Control+Home");
  await keyboard.type("# by hand\n");
  await keyboard.press("Escape");
  await keyboard.press("Tab");
  assert.ok(!(await page.manifests.field.evaluate((field) => field.matches(":focus"))), "Escape, Tab leaves");

  await page.verdictAfter(() => keyboard.press("Control+Enter"));
  await reach(page, page.page.getByRole("tablist", { name: "Report" }).getByRole("tab", { selected: true }));
  await keyboard.press("Home");
  await page.page.getByRole("tab", { name: "Output", selected: true }).waitFor();
  await page.output.shows("# by hand");
  await keyboard.press("End");
  await page.page.getByRole("tab", { name: "Module", selected: true }).waitFor();
  await keyboard.press("ArrowLeft");
  await page.page.getByRole("tab", { name: "Cases", selected: true }).waitFor();
});

journey("the sheet of keys opens on ?, and dialogs close on Escape and give the focus back", async ({ page }) => {
  const { keyboard } = page.page;
  await page.open();
  await page.share.focus();
  await keyboard.press("?");
  await page.dialog("Keys").getByText("run, from anywhere").waitFor();
  await keyboard.press("Escape");
  await page.dialog("Keys").waitFor({ state: "hidden" });
  assert.ok(await page.share.evaluate((button) => button.matches(":focus")), "the focus is back");

  await keyboard.press("Control+s");
  await page.dialog("Share this workspace").waitFor();
  await keyboard.press("Escape");
  await page.dialog("Share this workspace").waitFor({ state: "hidden" });

  await page.manifests.field.focus();
  await keyboard.press("?");
  assert.ok(await page.dialog("Keys").isHidden(), "a question mark that is typed is a question mark");
  await page.manifests.shows("?");
});

journey("a run is stopped from the keyboard", async ({ page }) => {
  await page.open();
  await page.openModules({ name: "runaway.wat", bytes: LOOPS });
  const words = await page.verdictAfter(async () => {
    await page.page.keyboard.press("Control+Enter");
    await page.page.getByRole("progressbar", { name: "Progress" }).waitFor();
    await page.page.keyboard.press("Control+.");
  });
  assert.match(words, /by you/i);
});
