//! Numbers for lines, equal for equal lines, so that comparing lines is comparing numbers.
//! It makes no string for a line: hundreds of thousands of small strings cost more than the comparison itself.

import type { Steps } from "./steps.ts";

/** The lines of one text. */
export interface Lines {
  /** A number for each line. */
  ids: Int32Array;
  /** Where each line starts, and behind the last one, where a further line would. */
  starts: Int32Array;
}

/** FNV-1a, 32 bits: quick, and its two constants spread short lines well. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Slots that are looked at for one line. A text made to collide must not make this slow: a line beyond it gets a number
 * of its own, and the comparison is rougher.
 */
const MOST_PROBES = 32;

/** Lines that are numbered in one step: a few milliseconds of work. */
const STEP = 16_384;

/** Numbers the lines of both texts from 0, step by step; `count` numbers were used. Lines end with `\n`. */
export function* numberLines(before: string, after: string): Steps<{ a: Lines; b: Lines; count: number }> {
  const startsA = startsOf(before);
  yield;
  const startsB = startsOf(after);
  const known = new Known(startsA.length + startsB.length);
  yield;
  const a = { ids: yield* known.number(before, startsA), starts: startsA };
  const b = { ids: yield* known.number(after, startsB), starts: startsB };
  return { a, b, count: known.count };
}

function startsOf(text: string): Int32Array {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  const starts = new Int32Array(lines + 1);
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts[line++] = at + 1;
  starts[lines] = text.length + 1;
  return starts;
}

/** The first place where a line was seen. */
interface Seen {
  text: string;
  from: number;
  to: number;
}

/** A table of the lines seen so far, at most half full. */
class Known {
  count = 0;
  private readonly slots: Int32Array;
  private readonly seen: Seen[] = [];

  constructor(lines: number) {
    let size = 16;
    while (size < 2 * lines) size *= 2;
    this.slots = new Int32Array(size).fill(-1);
  }

  *number(text: string, starts: Int32Array): Steps<Int32Array> {
    const ids = new Int32Array(starts.length - 1);
    for (let line = 0; line < ids.length; line++) {
      if (line % STEP === STEP - 1) yield;
      ids[line] = this.idOf(text, starts[line] ?? 0, (starts[line + 1] ?? 1) - 1);
    }
    return ids;
  }

  private idOf(text: string, from: number, to: number): number {
    const mask = this.slots.length - 1;
    const hash = hashOf(text, from, to);
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const slot = (hash + probe) & mask;
      const id = this.slots[slot] ?? -1;
      if (id < 0) {
        this.slots[slot] = this.count;
        return this.add({ text, from, to });
      }
      if (isSame(this.seen[id], text, from, to)) return id;
    }
    return this.add({ text, from, to });
  }

  private add(line: Seen): number {
    this.seen.push(line);
    return this.count++;
  }
}

function hashOf(text: string, from: number, to: number): number {
  let hash = FNV_OFFSET;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return hash ^ (hash >>> 15);
}

function isSame(seen: Seen | undefined, text: string, from: number, to: number): boolean {
  if (!seen || seen.to - seen.from !== to - from) return false;
  for (let at = from, other = seen.from; at < to; at++, other++) {
    if (text.charCodeAt(at) !== seen.text.charCodeAt(other)) return false;
  }
  return true;
}
