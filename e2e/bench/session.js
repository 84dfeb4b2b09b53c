// @ts-check
//! A long session: a thousand runs in one page, and the memory that is in use before and after.
//! Refuses guesses: the heap is the browser's own count after a collection, the process the system's.

import { readFileSync } from "node:fs";
import { ECHOES } from "../guests/wat.js";
import { withPage } from "./measure.js";

const RUNS = 1_000;

/** Runs before the first reading: caches and tiers of compilation fill in these. */
const WARM_UP = 100;

/**
 * @param {import("./measure.js").Ground} ground
 * @returns {Promise<import("./measure.js").Figure[]>}
 */
export async function session(ground) {
  return withPage(ground, async (page) => {
    await page.open();
    await page.manual();
    await page.openModules({ name: "echo.wat", bytes: ECHOES });
    await page.verdictAfter();
    await run(page, WARM_UP);
    const before = await reading(ground, page);
    await run(page, RUNS);
    const after = await reading(ground, page);
    return [
      [`memory over ${RUNS} runs: the page's JS heap`, change(before.heap, after.heap)],
      [`memory over ${RUNS} runs: the renderer process, worker included`, change(before.resident, after.resident)],
    ];
  });
}

/**
 * Runs so many times, inside the page, where a press takes no round trip.
 * @param {import("../pages/playground.js").Playground} page
 * @param {number} times
 */
async function run(page, times) {
  await page.run.evaluate(async (element, count) => {
    const button = /** @type {HTMLButtonElement} */ (element);
    // A run may be over between two looks at the button, so its changes are counted: off, and on again.
    const pressed = () =>
      new Promise((resolve) => {
        let changes = 0;
        const observer = new MutationObserver((records) => {
          changes += records.length;
          if (changes >= 2 && !button.disabled) {
            observer.disconnect();
            resolve(undefined);
          }
        });
        observer.observe(button, { attributes: true, attributeFilter: ["disabled"] });
        button.click();
      });
    for (let done = 0; done < count; done += 1) {
      await pressed();
    }
  }, times);
}

/**
 * Bytes in use: the page's heap, and the largest renderer (0 where the system does not say).
 * @param {import("./measure.js").Ground} ground
 * @param {import("../pages/playground.js").Playground} page
 */
async function reading({ browser }, page) {
  const session = await page.page.context().newCDPSession(page.page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
  await whole.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => resident(id));
  return { heap: usedSize, resident: Math.max(0, ...renderers) };
}

/** @param {number} id A process. */
function resident(id) {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
    return Number(kibibytes ?? 0) * 1_024;
  } catch {
    // Only Linux says it here.
    return 0;
  }
}

/**
 * @param {number} before
 * @param {number} after
 */
function change(before, after) {
  const mebibytes = (/** @type {number} */ bytes) => `${(bytes / (1 << 20)).toFixed(1)} MiB`;
  return `${mebibytes(before)} → ${mebibytes(after)} (${after < before ? "" : "+"}${mebibytes(after - before)})`;
}
