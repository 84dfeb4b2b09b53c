// @ts-check
//! What all figures are made with: a fresh page in a fresh context, medians, milliseconds for a person.
//! Refuses to judge; the closing note of a change does.

import { Playground } from "../pages/playground.js";

/** The longest that one figure may take, in milliseconds: ten thousand resources on a busy machine. */
export const PATIENCE = 180_000;

/**
 * What a figure is made with.
 * @typedef {object} Ground
 * @property {import("playwright-core").Browser} browser
 * @property {import("../site/server.js").Site} site
 */

/** A figure: what it is of, and how much it is. */
/** @typedef {[what: string, value: string]} Figure */

/**
 * Does something with a page of a fresh context.
 * @template T
 * @param {Ground} ground
 * @param {(page: Playground) => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function withPage({ browser, site }, act) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(PATIENCE);
  try {
    return await act(new Playground(await context.newPage(), site.origin));
  } finally {
    await context.close();
  }
}

/**
 * The one in the middle.
 * @param {number[]} numbers At least one.
 */
export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

/**
 * How long something takes, in milliseconds.
 * @param {() => Promise<unknown>} act
 */
export async function time(act) {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

/** @param {number} millis */
export const words = (millis) => `${Math.round(millis).toLocaleString("en")} ms`;
