// @ts-check
//! Bytes that look like modules to some degree, and guests that the examples built.
//! Refuses to compile: what is not here byte by byte comes from the built page.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SITE } from "../site/server.js";

/** `\0asm` and version 1. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A module that exports `memory` and an empty `_start`: it runs, and prints nothing. */
export const SILENT = Uint8Array.from([
  ...HEADER,
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x05, 0x03, 0x01, 0x00, 0x01],
  ...[0x07, 0x13, 0x02, 0x06, ...Buffer.from("memory"), 0x02, 0x00, 0x06, ...Buffer.from("_start"), 0x00, 0x00],
  ...[0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b],
]);

/** A component: the same magic number, and another layer. */
export const COMPONENT = Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]);

/** A picture's first bytes. */
export const PICTURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

/**
 * A guest that came with the page.
 * @param {string} name
 */
export function built(name) {
  return readFileSync(join(SITE, "examples", `${name}.wasm`));
}

/**
 * The first half of one.
 * @param {string} name
 */
export function truncated(name) {
  const whole = built(name);
  return whole.subarray(0, whole.length >> 1);
}
