// @ts-check
//! What policies cost in the page: one evaluation of a waPC policy, a large module looked into, a thousand Pods.
//! Refuses to be the whole table: `cargo bench` prints the native interpreter's figure of the same policy and Pod.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SITE } from "../site/server.js";
import { median, time, withPage, words } from "./measure.js";

/** How often the policy is asked before it counts, and then. */
const WARM_UP = 3;
const TIMES = 21;

const PODS = 1_000;

/** The largest policy of the examples that every machine can build. */
const LARGE = "cel-policy";

/** How often the progress of the cases is looked at, in milliseconds. */
const LOOK_MS = 100;

/**
 * @param {import("./measure.js").Ground} ground
 * @returns {Promise<import("./measure.js").Figure[]>}
 */
export async function policies(ground) {
  const bytes = readFileSync(join(SITE, "examples", `${LARGE}.wasm`));
  const [whole, step] = await withPage(ground, evaluation);
  const looked = await withPage(ground, (page) => lookInto(page, bytes));
  const pods = await withPage(ground, manyPods);
  const precise = (/** @type {number} */ millis) => `${millis.toFixed(1)} ms`;
  return [
    ["no-token-mount (waPC) on a Pod, warm: wasmi in the page, the whole request", precise(whole)],
    ["no-token-mount (waPC) on a Pod, warm: wasmi in the page, the policy's own step", precise(step)],
    [`${LARGE} (${(bytes.length / 1e6).toFixed(1)} MB): dropped, translated and shown`, words(looked)],
    [`${PODS.toLocaleString("en")} Pods through no-token-mount, as cases`, pods],
  ];
}

/**
 * The medians of a whole request, and of the policy's own step.
 * @param {import("../pages/playground.js").Playground} page
 */
async function evaluation(page) {
  await page.openRequest("pods-without-a-token");
  await page.manual();
  /** @type {[number, number][]} */
  const taken = [];
  for (let count = 0; count < WARM_UP + TIMES; count += 1) {
    await page.verdictAfter();
    const chip = await page.page.getByText(/^[\d.]+ ms of /).innerText();
    const gate = await page.show("Gate");
    const cost = await gate.getByText(/^[\d.]+ ms · /).innerText();
    taken.push([Number.parseFloat(chip), Number.parseFloat(cost)]);
  }
  const counted = taken.slice(WARM_UP);
  return [median(counted.map(([chip]) => chip)), median(counted.map(([, cost]) => cost))];
}

/**
 * From the drop of a module to what is known of it: all of it is read, translated and validated.
 * @param {import("../pages/playground.js").Playground} page
 * @param {Buffer} bytes
 */
async function lookInto(page, bytes) {
  await page.openRequest("no-privileged-pods");
  await page.manual();
  await page.verdictAfter();
  return time(async () => {
    await page.drop({ name: "large.wasm", bytes });
    await page.page.getByRole("tabpanel", { name: "Module" }).getByText("k8s-wasm module").waitFor();
  });
}

/**
 * Pods as cases of one workspace: all of them checked, and how often the progress was seen to change.
 * @param {import("../pages/playground.js").Playground} page
 */
async function manyPods(page) {
  const pod = (/** @type {number} */ index) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-${index}\n  namespace: shop\nspec:\n  containers:\n  - name: web\n    image: registry.example/web:1.${index}\n`;
  const cases = Array.from({ length: PODS }, (_, index) => ({
    name: `Pod ${index}`,
    change: { request: { object: pod(index) } },
    expect: { outcome: "allowed", fields: { "spec.automountServiceAccountToken": false, "metadata.name": `web-${index}` } },
  }));
  const workspace = {
    drydock: 1,
    title: "A thousand Pods",
    modules: [{ name: "no-token-mount", example: "no-token-mount" }],
    request: { object: pod(0), admission: [{ module: "no-token-mount" }] },
    cases,
  };
  await page.openRequest("pods-without-a-token");
  await page.manual();
  await page.verdictAfter();
  // JSON is YAML; each field has a line of its own, since a workspace is known by one.
  const lines = Object.entries(workspace).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  await page.drop({ name: "drydock.yaml", bytes: `${lines.join("\n")}\n` });
  const panel = await page.show("Cases");
  await panel.getByRole("row", { name: /Pod 0/ }).waitFor();
  const status = panel.getByRole("status", { name: "Cases checked" });
  const seen = new Set();
  let done = false;
  const taken = await time(async () => {
    await panel.getByRole("button", { name: "Check all cases" }).click();
    while (!done) {
      const said = await status.innerText();
      seen.add(said);
      done = said === `${PODS} of ${PODS} hold`;
      if (!done) {
        await page.page.waitForTimeout(LOOK_MS);
      }
    }
  });
  return `${words(taken)} (${(taken / PODS).toFixed(1)} ms each; progress seen ${seen.size} times)`;
}
