// @ts-check
//! A result leads to its field: the editor opens at the line, whatever is shown before.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

/**
 * The line that the cursor is in.
 * @param {import("../pages/playground.js").Playground} page
 */
const activeLine = ({ manifests }) =>
  manifests.field.evaluate((field) => field.querySelector(".cm-activeLine")?.textContent ?? "");

journey("a result leads to the line that it is about", async ({ page }) => {
  await page.openExample("findings-with-fields");
  await page.manual();
  await page.verdictAfter();
  await page.show("Configuration");
  const results = await page.show("Results");
  const first = results.getByRole("row").filter({ has: page.page.getByRole("button") }).first();
  const field = (await first.getByRole("button").innerText()).split(" ").pop() ?? "";
  await first.getByRole("button").click();

  await page.page.getByRole("tab", { name: "Manifests", selected: true }).waitFor();
  await page.manifests.field.waitFor();
  const key = field.split(".").pop()?.replace(/\[\d+\]$/, "") ?? "";
  await page.page.waitForFunction(
    (wanted) => {
      const hosts = Array.from(document.querySelectorAll("*"), (element) => element.shadowRoot).filter(Boolean);
      const field = hosts.map((root) => root?.querySelector('[aria-label="Manifests editor"]')).find(Boolean);
      return field?.querySelector(".cm-activeLine")?.textContent?.includes(wanted);
    },
    key,
  );
  assert.ok((await activeLine(page)).includes(key));
  assert.ok(await page.manifests.field.evaluate((element) => element.matches(":focus")), "the editor has the focus");
});

journey("a verdict leads to the place of a mistake", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  name: b\n");
  const words = await page.verdictAfter();
  assert.match(words, /name/);
  await page.show("Configuration");
  await page.page.getByRole("button", { name: "Show line 5 of web.yaml" }).click();
  await page.manifests.field.waitFor();
  await page.manifests.shows("name: b");
});
