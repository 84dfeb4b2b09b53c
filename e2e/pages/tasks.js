// @ts-check
//! Listens for long tasks on the page's main thread, by the browser's own report of them.
//! Refuses to judge: what is too long is for the caller.

/**
 * Begins to listen. Call before the page opens.
 * @param {import("playwright-core").Page} page
 */
export async function listenForTasks(page) {
  await page.addInitScript(() => {
    const tasks = /** @type {number[]} */ ([]);
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: "longtask",
    });
  });
}

/**
 * The longest task since the last call, in milliseconds; 0 when none took 50 ms, which is where a browser begins
 * to report them.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>}
 */
export async function longestTask(page) {
  return (await longTasks(page))[0] ?? 0;
}

/**
 * All tasks of 50 ms and more since the last call, in milliseconds, the longest first.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number[]>}
 */
export async function longTasks(page) {
  // A task is reported after it has ended: two frames later, all that came before are in.
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            // @ts-expect-error put there above
            const tasks = /** @type {number[]} */ (window.tasks.splice(0));
            resolve(tasks.sort((a, b) => b - a));
          }),
        );
      }),
  );
}
