//! A difference of two texts for manifests: lines first, then letters within changed lines.
//! Its work is bounded by the size of the texts and by nothing else: no clock, so the same texts always differ alike.

import { Change, presentableDiff } from "@codemirror/merge";
import { numberLines } from "./line_ids.ts";
import type { Steps } from "./steps.ts";

/** How fine the answer is: letters within lines, whole lines in places, or whole blocks in places. */
export type Grain = "letters" | "lines" | "blocks";

/** What was found. */
export interface LineDiff {
  /** The changed stretches in order, as positions in both texts. */
  changes: Change[];
  grain: Grain;
  /** How many stretches of lines differ, shown or not. */
  count: number;
  /** Where both texts are to be cut because no more is shown; null when all is. */
  cut: { a: number; b: number } | null;
}

/** Stretches that are shown at most. Each costs a view some 20 µs and more at every turn, and nobody reads more. */
export const MOST_STRETCHES = 1_000;

/** Lines that are looked ahead for where two texts meet again; its square is the price of one miss. */
const WINDOW = 64;
/** Lines that must agree in a row before two texts count as meeting again, so that a stray `spec:` does not do it. */
const RUN = 2;
/** Characters of one stretch that are compared letter by letter; the price grows with their square. */
const FINE_STRETCH = 4_000;
/** Characters of all stretches that are compared letter by letter: about 50 ms of work. */
const FINE_TOTAL = 100_000;
/** Depth of the letter comparison before CodeMirror settles for a rougher one. */
const FINE_DEPTH = 200;
/** Share of the shorter side that must stay the same for single letters to be worth marking. */
const FINE_SHARE = 0.3;

/** A changed stretch in lines: `[fromA, toA)` became `[fromB, toB)`. */
interface Hunk {
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
}

/**
 * Compares two texts whose lines end with `\n`, step by step. Only the first `MOST_STRETCHES` differences are returned.
 */
export function* lineDiff(before: string, after: string): Steps<LineDiff> {
  const { a, b, count } = yield* numberLines(before, after);
  const { hunks, isRough } = yield* hunksOf(a.ids, b.ids, count);
  const fine = new Fine(before, after);
  const changes = hunks.slice(0, MOST_STRETCHES).flatMap((hunk) => fine.refine(toChange(hunk, a.starts, b.starts)));
  const next = hunks[MOST_STRETCHES];
  return {
    changes,
    grain: isRough ? "blocks" : fine.isWhole ? "letters" : "lines",
    count: hunks.length,
    cut: next ? { a: a.starts[next.fromA] ?? before.length, b: b.starts[next.fromB] ?? after.length } : null,
  };
}

/** The hunk in characters. One that touches the end of the texts takes the line end before it along. */
function toChange(hunk: Hunk, startsA: Int32Array, startsB: Int32Array): Change {
  const lengthA = (startsA.at(-1) ?? 1) - 1;
  const lengthB = (startsB.at(-1) ?? 1) - 1;
  const isAtEnd = hunk.fromA === startsA.length - 1 || hunk.fromB === startsB.length - 1;
  const back = isAtEnd ? 1 : 0;
  return new Change(
    (startsA[hunk.fromA] ?? 0) - back,
    Math.min(startsA[hunk.toA] ?? 0, lengthA),
    (startsB[hunk.fromB] ?? 0) - back,
    Math.min(startsB[hunk.toB] ?? 0, lengthB),
  );
}

/** Compares letters within changed stretches as long as its allowance lasts. */
class Fine {
  /** Whether every stretch that deserved it was compared letter by letter. */
  isWhole = true;
  private left = FINE_TOTAL;

  constructor(
    private readonly before: string,
    private readonly after: string,
  ) {}

  refine(change: Change): Change[] {
    const old = this.before.slice(change.fromA, change.toA);
    const now = this.after.slice(change.fromB, change.toB);
    if (old === "" || now === "") return [change];
    const size = old.length + now.length;
    if (size > FINE_STRETCH || size > this.left) {
      this.isWhole = false;
      return [change];
    }
    this.left -= size;
    const parts = presentableDiff(old, now, { scanLimit: FINE_DEPTH });
    const removed = parts.reduce((sum, part) => sum + part.toA - part.fromA, 0);
    const added = parts.reduce((sum, part) => sum + part.toB - part.fromB, 0);
    const [same, shorter] = old.length < now.length ? [old.length - removed, old.length] : [now.length - added, now.length];
    if (same < shorter * FINE_SHARE) return [change];
    return parts.map((part) => new Change(part.fromA + change.fromA, part.toA + change.fromA, part.fromB + change.fromB, part.toB + change.fromB));
  }
}

/** The changed stretches of two rows of numbers below `count`. Between lines that occur once in both, it looks ahead. */
function* hunksOf(a: Int32Array, b: Int32Array, count: number): Steps<{ hunks: Hunk[]; isRough: boolean }> {
  yield;
  const anchors = anchorsOf(a, b, count);
  yield;
  const walk = new Walk(a, b);
  for (const [lineA, lineB] of anchors) walk.to(lineA, lineB);
  walk.to(a.length, b.length);
  yield;
  return walk;
}

/** The longest row of lines that occur exactly once in both texts and in the same order. */
function anchorsOf(a: Int32Array, b: Int32Array, count: number): [number, number][] {
  const whereA = placesOf(a, count);
  const whereB = placesOf(b, count);
  const pairs: [number, number][] = [];
  for (let line = 0; line < a.length; line++) {
    const id = a[line] ?? 0;
    const other = whereB[id] ?? -1;
    if (whereA[id] === line && other >= 0) pairs.push([line, other]);
  }
  return longestRising(pairs);
}

/** For each number the one place where it occurs, -1 where it does not, -2 where it occurs more than once. */
function placesOf(ids: Int32Array, count: number): Int32Array {
  const places = new Int32Array(count).fill(-1);
  for (let line = 0; line < ids.length; line++) {
    const id = ids[line] ?? 0;
    places[id] = places[id] === -1 ? line : -2;
  }
  return places;
}

/** The longest subsequence of `pairs` (rising in the first number) that rises in the second too. */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const ends: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, value], index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = index;
  });
  const chosen: [number, number][] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index];
    if (pair) chosen.push(pair);
  }
  return chosen.reverse();
}

/** Walks through both texts side by side and collects where they differ. */
class Walk {
  readonly hunks: Hunk[] = [];
  /** Whether a stretch too different to be followed was taken as one block. */
  isRough = false;
  private lineA = 0;
  private lineB = 0;

  constructor(
    private readonly a: Int32Array,
    private readonly b: Int32Array,
  ) {}

  /** Goes on to the lines `endA` and `endB`, which are where both texts are known to meet. */
  to(endA: number, endB: number): void {
    while (this.lineA < endA && this.lineB < endB) {
      if (this.a[this.lineA] === this.b[this.lineB]) {
        this.lineA++;
        this.lineB++;
        continue;
      }
      const skip = this.meeting(endA, endB);
      if (!skip) break;
      this.change(this.lineA + skip[0], this.lineB + skip[1]);
    }
    this.finish(endA, endB);
  }

  /** How many lines to skip on each side until both texts agree again; null when that is not within the window. */
  private meeting(endA: number, endB: number): [number, number] | null {
    for (let sum = 1; sum <= 2 * WINDOW; sum++) {
      for (let skipA = Math.max(0, sum - WINDOW); skipA <= Math.min(sum, WINDOW); skipA++) {
        const skipB = sum - skipA;
        if (this.agrees(this.lineA + skipA, this.lineB + skipB, endA, endB)) return [skipA, skipB];
      }
    }
    return null;
  }

  /** Whether `RUN` lines agree from here, or all that are left. */
  private agrees(lineA: number, lineB: number, endA: number, endB: number): boolean {
    if (lineA >= endA || lineB >= endB) return false;
    const run = Math.min(RUN, endA - lineA, endB - lineB);
    for (let step = 0; step < run; step++) {
      if (this.a[lineA + step] !== this.b[lineB + step]) return false;
    }
    return true;
  }

  /** Takes all that is left as one change, without the lines at its end that are the same. */
  private finish(endA: number, endB: number): void {
    let toA = endA;
    let toB = endB;
    while (toA > this.lineA && toB > this.lineB && this.a[toA - 1] === this.b[toB - 1]) {
      toA--;
      toB--;
    }
    if (toA - this.lineA > WINDOW && toB - this.lineB > WINDOW) this.isRough = true;
    if (toA > this.lineA || toB > this.lineB) this.change(toA, toB);
    this.lineA = endA;
    this.lineB = endB;
  }

  /** Records everything up to `toA` and `toB` as changed; a change right behind another becomes one with it. */
  private change(toA: number, toB: number): void {
    const last = this.hunks.at(-1);
    if (last?.toA === this.lineA && last.toB === this.lineB) {
      last.toA = toA;
      last.toB = toB;
    } else {
      this.hunks.push({ fromA: this.lineA, toA, fromB: this.lineB, toB });
    }
    this.lineA = toA;
    this.lineB = toB;
  }
}
