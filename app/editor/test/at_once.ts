//! Work in steps, done at once: a test has nobody to wait for.

import type { Steps } from "../src/steps.ts";

/** The result of the work. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
