//! Which unquoted values kubectl does not read as strings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isNotString } from "../src/scalars.ts";

const OTHER = ["true", "on", "No", "y", "~", "null", "3", "-1", "+2.5", "1e3", "1_000", "0777", "0o17", "0x1F", "0b101", ".5", ".inf", "-.INF", ".NaN", "1."];
const STRINGS = ["web", "v1", "apps/v1", "tRUE", "yess", "1.2.3", "10Gi", "100m", "", "-", "0xZZ", "1e", "2024-01-01", "9".repeat(41)];

for (const text of OTHER) test(`not a string: ${text}`, () => assert.equal(isNotString(text), true));
for (const text of STRINGS) test(`a string: ${text}`, () => assert.equal(isNotString(text), false));
