// @ts-check
//! A person shares what they have: somebody else opens the link, sees the same, and nothing runs by itself.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { SILENT } from "../guests/binary.js";
import { ECHOES } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

/** Links that were once given away. */
const FROZEN = new URL("../../engine/tests/links/", import.meta.url);

/**
 * Everything that a workspace shows.
 * @param {import("../pages/playground.js").Playground} page
 */
async function workspace(page) {
  await page.show("Workspace");
  const title = await page.page.getByRole("textbox", { name: "Title" }).inputValue();
  const files = [];
  const names = page.page.getByRole("region", { name: "Editors" }).getByRole("group", { name: "Files" });
  await page.show("Manifests");
  for (const file of await names.getByRole("button").all()) {
    await file.click();
    files.push([await file.innerText(), await page.manifests.text()]);
  }
  const steps = [];
  for (const step of await page.steps.all()) {
    await step.click();
    await page.configuration.field.waitFor();
    steps.push([await step.getAttribute("aria-label"), await page.configuration.text()]);
  }
  return { title, files, steps };
}

journey("a copied link opens as the same workspace in another browser, and runs nothing", async ({
  page,
  context,
  stranger,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.open();
  await page.manual();
  await page.manifests.fill("# typed by Ann 🚢\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ann\n");
  await page.addFunction("noop");
  const shared = await workspace(page);
  const address = await page.link();
  await page.says(page.page.getByRole("status", { name: "Copied" }), /link is copied/i);
  assert.equal(await page.page.evaluate(() => navigator.clipboard.readText()), address);
  assert.equal(page.page.url(), address, "the address bar holds it too");

  const other = await stranger();
  await other.openLink(address);
  await other.manifests.shows("typed by Ann 🚢");
  assert.match(await other.sentence(), /press run/i, "a link runs nothing");
  assert.ok(await other.stop.isDisabled(), "nothing runs");
  assert.deepEqual(await workspace(other), shared);
  assert.match(await other.verdictAfter(), /4 functions finished/);
});

journey("a small module of one's own travels in the link", async ({ page, stranger }) => {
  await page.open();
  await page.manual();
  await page.openModules({ name: "silent.wasm", bytes: SILENT }, { name: "echo.wat", bytes: ECHOES });
  const address = await page.link();
  const other = await stranger();
  await other.openLink(address);
  await other.pipeline.getByText("echo").waitFor();
  assert.match(await other.verdictAfter(), /step 1, `silent`/i);
});

journey("parts that are left out of a link are not in it", async ({ page, stranger }) => {
  await page.open();
  await page.share.click();
  const dialog = page.dialog("Share this workspace");
  const link = dialog.getByRole("textbox", { name: "Link" });
  const whole = await link.inputValue();
  await dialog.getByRole("checkbox", { name: "Manifests" }).uncheck();
  await page.page.waitForFunction(
    (before) => /** @type {HTMLInputElement | null} */ (document.querySelector('[aria-label="Link"]'))?.value !== before,
    whole,
  );
  const address = await link.inputValue();
  assert.ok(address.length < whole.length);
  const other = await stranger();
  await other.openLink(address);
  await other.pipeline.getByText("set-namespace").waitFor();
  assert.equal(await other.manifests.text(), "");
});

journey("a secret in the manifests is warned of before it is shared", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: hunter2\n");
  await page.share.click();
  await page.dialog("Share this workspace").getByText(/secret/i).first().waitFor();
});

for (const name of readdirSync(FROZEN).filter((file) => /^v1-.*\.txt$/.test(file))) {
  journey(`the frozen link ${name} still opens`, async ({ page }) => {
    const fragment = readFileSync(new URL(name, FROZEN), "utf8").trim();
    await page.openLink(`${page.origin}/#${fragment}`);
    assert.ok(await page.notice.isHidden(), "it opens without a complaint");
  });
}
