//! When the page hears of a change, on a clock that the test turns.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { PendingChange } from "../src/pending.ts";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

function pending(): { one: PendingChange; heard: () => number } {
  let count = 0;
  return { one: new PendingChange(() => count++), heard: () => count };
}

test("typing is reported once, 250 ms after the last change", () => {
  const { one, heard } = pending();
  one.schedule(10);
  mock.timers.tick(200);
  one.schedule(11);
  mock.timers.tick(249);
  assert.equal(heard(), 0);
  mock.timers.tick(1);
  assert.equal(heard(), 1);
  mock.timers.tick(5_000);
  assert.equal(heard(), 1);
});

test("a large document waits 600 ms", () => {
  const { one, heard } = pending();
  one.schedule(1_000_001);
  mock.timers.tick(599);
  assert.equal(heard(), 0);
  mock.timers.tick(1);
  assert.equal(heard(), 1);
});

test("asking reports what waits, and only what waits", () => {
  const { one, heard } = pending();
  one.flush();
  assert.equal(heard(), 0);
  one.schedule(1);
  one.flush();
  one.flush();
  mock.timers.tick(5_000);
  assert.equal(heard(), 1);
});

test("a dropped change is not reported", () => {
  const { one, heard } = pending();
  one.schedule(1);
  one.cancel();
  mock.timers.tick(5_000);
  one.flush();
  assert.equal(heard(), 0);
});

test("a receiver that asks again is not called again", () => {
  let count = 0;
  const one: PendingChange = new PendingChange(() => {
    count++;
    one.flush();
  });
  one.schedule(1);
  one.flush();
  assert.equal(count, 1);
});
