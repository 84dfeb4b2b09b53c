// @ts-check
//! The same guest on the same input: in the page's interpreter, and on the browser's own engine.
//! Refuses to be the whole table: `cargo bench` prints the native interpreter's figure.

import { deployments, TO_PROD, workspace } from "../guests/manifests.js";
import { runGuest } from "./wasi.js";
import { PATIENCE, median, withPage, words } from "./measure.js";

const COUNT = 1_000;
const TIMES = 3;
const GUEST = "set-namespace";

/**
 * @param {import("./measure.js").Ground} ground
 * @returns {Promise<import("./measure.js").Figure[]>}
 */
export async function machines(ground) {
  const interpreted = await withPage(ground, inThePage);
  const compiled = await withPage(ground, (page) => onTheBrowser(ground, page));
  const what = `${GUEST} over ${COUNT.toLocaleString("en")} Deployments`;
  return [
    [`${what}: wasmi in the page, the guest alone`, words(interpreted)],
    [`${what}: the browser's own engine`, `${words(compiled)} (${(interpreted / compiled).toFixed(1)} times faster)`],
  ];
}

/**
 * The time that the report gives the step.
 * @param {import("../pages/playground.js").Playground} page
 */
async function inThePage(page) {
  await page.open();
  await page.manual();
  await page.allowMuch();
  await page.drop({ name: "drydock.yaml", bytes: workspace(COUNT, GUEST) });
  await page.manifests.shows("name: app-0");
  /** @type {number[]} */
  const taken = [];
  for (let count = 0; count < TIMES; count += 1) {
    await page.verdictAfter(() => page.run.click(), PATIENCE);
    const cost = await page.show("Cost");
    const cells = await cost.getByRole("row").nth(1).getByRole("cell").allInnerTexts();
    taken.push(Number.parseFloat(cells.find((cell) => / ms$/.test(cell)) ?? "NaN"));
  }
  return median(taken);
}

/**
 * @param {import("./measure.js").Ground} ground
 * @param {import("../pages/playground.js").Playground} page
 */
async function onTheBrowser({ site }, page) {
  // An empty page without the policy, whose engine runs the guest.
  site.add("/bench.html", "<!doctype html><title>bench</title>");
  await page.page.goto(`${page.origin}/bench.html`);
  const taken = await page.page.evaluate(runGuest, {
    url: `${page.origin}/examples/${GUEST}.wasm`,
    input: resourceList(),
    times: TIMES,
  });
  return median(taken);
}

/** The Deployments as a function reads them. */
function resourceList() {
  const indent = (/** @type {string} */ text) => text.replaceAll(/^(?=.)/gm, "  ");
  const items = deployments(COUNT).split("---\n").map((item) => `- ${indent(item).slice(2)}`);
  const head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";
  return `${head}${items.join("")}functionConfig:\n${indent(TO_PROD)}`;
}
