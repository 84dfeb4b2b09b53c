// @ts-check
//! How long a person waits for the first verdict: from nothing in the browser to an example's outcome.
//! Refuses any warm cache: each time is a context of its own, and the server forbids caching.

import { median, time, withPage, words } from "./measure.js";

const TIMES = 5;

/**
 * @param {import("./measure.js").Ground} ground
 * @returns {Promise<import("./measure.js").Figure[]>}
 */
export async function cold(ground) {
  /** @type {number[]} */
  const taken = [];
  for (let count = 0; count < TIMES; count += 1) {
    const once = await withPage(ground, async (page) =>
      time(async () => {
        await page.page.goto(`${page.origin}/#example/one-namespace-one-label-set`);
        await page.steps.first().waitFor();
        await page.run.click();
        await page.verdict.filter({ hasText: "finished" }).waitFor();
      }),
    );
    taken.push(once);
  }
  return [[`cold page to first verdict, median of ${TIMES}`, words(median(taken))]];
}
