// @ts-check
//! A thousand and ten thousand resources through one function, and what the page's main thread does meanwhile.
//! Refuses anything but the page's own way: the workspace is dropped, Run is pressed, the diff is shown.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { workspace } from "../guests/manifests.js";
import { listenForTasks, longTasks } from "../pages/tasks.js";
import { median, PATIENCE, time, withPage, words } from "./measure.js";

/** How often each is done: tasks are timed by the wall, and a busy machine makes one of them long now and then. */
const ROUNDS = 5;

/** Until the page has kept what was opened, and the editor has read on. */
const SETTLED_MS = 3_000;

/**
 * What one round came to, in milliseconds.
 * @typedef {object} Round
 * @property {string} said The verdict.
 * @property {number} taken From Run to the verdict.
 * @property {Record<string, number[]>} tasks The long tasks of each part, the longest first.
 */

/**
 * @param {import("./measure.js").Ground} ground
 * @returns {Promise<import("./measure.js").Figure[]>}
 */
export async function many(ground) {
  /** @type {import("./measure.js").Figure[]} */
  const figures = [];
  const folder = mkdtempSync(join(tmpdir(), "drydock-many-"));
  const file = join(folder, "drydock.yaml");
  for (const count of [1_000, 10_000]) {
    writeFileSync(file, workspace(count, "set-namespace"));
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push(await withPage(ground, (page) => through(page, file)));
    }
    figures.push(...figuresOf(`${count.toLocaleString("en")} resources through set-namespace`, rounds));
  }
  rmSync(folder, { recursive: true });
  return [...figures, ["load of the machine at the end, over 1 minute", (loadavg()[0] ?? 0).toFixed(1)]];
}

/**
 * @param {string} what
 * @param {Round[]} rounds
 * @returns {import("./measure.js").Figure[]}
 */
function figuresOf(what, rounds) {
  const nth = (/** @type {string} */ part, /** @type {number} */ n) => rounds.map(({ tasks }) => tasks[part]?.[n] ?? 0);
  const parts = Object.keys(rounds[0]?.tasks ?? {}).map((part) => {
    const [longest, next] = [nth(part, 0), nth(part, 1)];
    const value = `${words(median(longest))}, most ${words(Math.max(...longest))}; the next ${words(median(next))}`;
    return /** @type {import("./measure.js").Figure} */ ([`${what}: longest main-thread task while ${part}`, value]);
  });
  return [[what, `${words(median(rounds.map(({ taken }) => taken)))} (${rounds[0]?.said.split("\n")[0]})`], ...parts];
}

/**
 * @param {import("../pages/playground.js").Playground} page
 * @param {string} file The workspace's path.
 * @returns {Promise<Round>}
 */
async function through(page, file) {
  await listenForTasks(page.page);
  await page.open();
  await page.manual();
  await page.allowMuch();
  await longTasks(page.page);

  await page.dropFile(file);
  await page.manifests.shows("name: app-0");
  await page.page.waitForTimeout(SETTLED_MS);
  const opening = await longTasks(page.page);
  let said = "";
  const taken = await time(async () => {
    said = await page.verdictAfter(() => page.run.click(), PATIENCE);
  });
  if (!/finished/.test(said)) {
    throw new Error(`there is no figure of a run that did not finish: ${said}`);
  }
  await page.page.getByText("namespace: prod").first().waitFor();
  const running = await longTasks(page.page);
  await page.show("Output");
  await page.output.shows("namespace: prod");
  await page.show("Diff");
  await page.page.getByText("namespace: prod").first().waitFor();
  const showing = await longTasks(page.page);
  return { said, taken, tasks: { opening, running, showing } };
}
