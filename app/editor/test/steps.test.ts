//! Work in turns: its result, and that others have their turns meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurns, type Steps } from "../src/steps.ts";
import { atOnce } from "./at_once.ts";

/** Adds the numbers below `count`, each in a step that takes `millis`. */
function* sum(count: number, millis: number): Steps<number> {
  let sum = 0;
  for (let number = 0; number < count; number++) {
    const end = performance.now() + millis;
    while (performance.now() < end);
    sum += number;
    yield;
  }
  return sum;
}

test("the result is the same in turns and at once", async () => {
  for (const count of [0, 1, 100]) assert.equal(await inTurns(sum(count, 0)), atOnce(sum(count, 0)));
});

test("others have their turns while it goes on", async () => {
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  await inTurns(sum(4, 30));
  clearInterval(others);
  assert.ok(turns >= 2, `${turns} turns`);
});

test("work that fails says so", async () => {
  await assert.rejects(
    inTurns(
      (function* (): Steps<void> {
        yield;
        throw new Error("broken");
      })(),
    ),
    /broken/,
  );
});
