// @ts-check
//! A thousand and ten thousand resources through one function, and what the page's main thread does meanwhile.
//! Refuses anything but the page's own way: the workspace is dropped, Run is pressed, the diff is shown.

import { workspace } from "../guests/manifests.js";
import { listenForTasks, longestTask } from "../pages/tasks.js";
import { PATIENCE, time, withPage, words } from "./measure.js";

/**
 * @param {import("./measure.js").Ground} ground
 * @returns {Promise<import("./measure.js").Figure[]>}
 */
export async function many(ground) {
  /** @type {import("./measure.js").Figure[]} */
  const figures = [];
  for (const count of [1_000, 10_000]) {
    figures.push(...(await withPage(ground, (page) => through(page, count))));
  }
  return figures;
}

/**
 * @param {import("../pages/playground.js").Playground} page
 * @param {number} count
 * @returns {Promise<import("./measure.js").Figure[]>}
 */
async function through(page, count) {
  await listenForTasks(page.page);
  await page.open();
  await page.manual();
  await page.allowMuch();
  await longestTask(page.page);

  await page.drop({ name: "drydock.yaml", bytes: workspace(count, "set-namespace") });
  await page.manifests.shows("name: app-0");
  const opening = await longestTask(page.page);
  let said = "";
  const taken = await time(async () => {
    said = await page.verdictAfter(() => page.run.click(), PATIENCE);
  });
  const running = await longestTask(page.page);
  await page.show("Output");
  await page.output.shows("namespace: prod");
  await page.show("Diff");
  await page.page.getByText("namespace: prod").first().waitFor();
  const showing = await longestTask(page.page);
  const what = `${count.toLocaleString("en")} resources through set-namespace`;
  return [
    [what, `${words(taken)} (${said.split("\n")[0]})`],
    [`${what}: longest main-thread task`, `${words(running)}; opening ${words(opening)}; showing ${words(showing)}`],
  ];
}
