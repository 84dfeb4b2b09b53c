// @ts-check
//! A person changes what they see and runs again: by the button, by the keyboard, and by only typing.

import assert from "node:assert/strict";
import { ECHOES } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

const CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: typed # mine\n";

journey("a changed manifest and a changed configuration change the output", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.verdictAfter();

  await page.manifests.fill(CONFIG_MAP);
  await page.page.getByText("edited since").waitFor();
  assert.match(await page.verdictAfter(), /finished|Step/);
  await page.show("Output");
  await page.output.shows("namespace: prod");
  await page.output.shows("name: typed # mine");

  await page.show("Configuration");
  await page.configuration.shows("namespace: prod");
  await page.configuration.fill((await page.configuration.text()).replace("prod", "live"));
  await page.configuration.field.focus();
  await page.verdictAfter(() => page.page.keyboard.press("ControlOrMeta+Enter"));
  await page.output.shows("namespace: live");
});

journey("typing alone runs a fast pipeline again", async ({ page }) => {
  await page.open();
  await page.openModules({ name: "echo.wat", bytes: ECHOES });
  await page.verdictAfter();
  await page.show("Output");

  await page.verdictAfter(() => page.manifests.fill(CONFIG_MAP));
  await page.output.shows("name: typed # mine");
});

journey("a mistake is marked while it is typed, at its line", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill("apiVersion: v1\nkind: ConfigMap\n\tmetadata: {}\n");
  await page.manifests.shows(/tab/i);
});
