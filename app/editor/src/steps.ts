//! Long work in steps, so that the page can draw and hear between them.
//! It decides nothing about the work: in turns or all at once, the result is the same.

/** Work that stops at every `yield`, where it may be put off to a later turn. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** How long a turn's work may take before the next step waits for another one: half of what a browser calls long. */
const TURN_MS = 25;

/** Does the work in turns of the event loop, the first of them later than now, and hands the result over in another. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    await turn();
    const end = performance.now() + TURN_MS;
    let step = steps.next();
    while (!step.done && performance.now() < end) step = steps.next();
    if (!step.done) continue;
    await turn();
    return step.value;
  }
}

/** A turn of the event loop. A timer of 0 ms would be held back to 4 ms after a few turns; a message is not. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
