// @ts-check
//! On a phone and on a small screen everything is reachable, and nothing scrolls sideways.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

for (const [width, height] of /** @type {const} */ ([
  [390, 844],
  [1024, 768],
])) {
  journey(
    `${width} by ${height}: no sideways scrolling, and the gallery opens`,
    async ({ page }) => {
      const wider = () =>
        page.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await page.page.goto(`${page.origin}/#example/set-an-image`);
      await page.ready();
      await page.steps.first().waitFor();
      assert.equal(await wider(), 0, "before a run");
      assert.match(await page.verdictAfter(), /finished/);
      for (const tab of ["Output", "Diff", "Results", "Logs", "Cost", "Module", "Configuration", "Manifests"]) {
        await page.show(tab);
        assert.equal(await wider(), 0, tab);
      }

      await page.page.getByRole("button", { name: "Examples and workspace" }).click();
      assert.equal(await wider(), 0, "gallery");
      await page.page.getByRole("navigation").getByRole("link", { name: /one namespace/i }).click();
      await page.pipeline.getByText("no-latest").waitFor();
      assert.match(await page.verdictAfter(), /3 functions finished/);
      for (const button of [page.run, page.share, page.undo]) {
        const box = await button.boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width, "the bar's buttons are on the screen");
      }
    },
    { viewport: { width, height } },
  );
}
