// @ts-check
//! Small guests as WebAssembly text: ones that behave, and ones that do not.
//! Refuses anything that needs a compiler: the page itself reads this text.

/**
 * A command whose `_start` does something.
 * @param {string} body What it does.
 * @param {string} [data] Segments of its memory.
 */
function command(body, data = "") {
  return `(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2)
  ${data}
  (func $deeper (call $deeper))
  (func (export "_start") ${body}))
`;
}

/**
 * Prints a text to stdout and ends.
 * @param {string} text ASCII.
 */
export function prints(text) {
  const bytes = Buffer.from(text);
  const escaped = [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
  const size = `(data (i32.const 0) "\\10\\00\\00\\00" "${littleEndian(bytes.length)}")`;
  return command(
    "(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
    `${size} (data (i32.const 16) "${escaped}")`,
  );
}

/** @param {number} number */
function littleEndian(number) {
  return [0, 8, 16, 24].map((shift) => `\\${((number >> shift) & 255).toString(16).padStart(2, "0")}`).join("");
}

/** Copies stdin to stdout: the smallest function that changes nothing. */
export const ECHOES = command(`(local $got i32)
    (block $end (loop $more
      (i32.store (i32.const 0) (i32.const 16))
      (i32.store (i32.const 4) (i32.const 65536))
      (br_if $end (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br_if $end (i32.eqz (i32.load (i32.const 8))))
      (i32.store (i32.const 4) (i32.load (i32.const 8)))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br $more)))`);

/** Never ends. */
export const LOOPS = command("(loop $again (br $again))");

/** Calls itself until the stack is full. */
export const RECURSES = command("(call $deeper)");

/** Exits with code 3. */
export const EXITS = command("(call $exit (i32.const 3))");

/** Traps at once. */
export const TRAPS = command("unreachable");

/** Asks for memory until it gets none, then traps. */
export const EATS_MEMORY = command(`
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    unreachable`);

/** Prints 1 GiB, 64 KiB at a time. */
export const PRINTS_1_GIB = command(
  `(local $left i32)
    (local.set $left (i32.const 16384))
    (loop $more
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))`,
  '(data (i32.const 0) "\\10\\00\\00\\00\\00\\00\\01\\00")',
);

/** Sleeps by the monotonic clock for as long as 64 bits can say, over and over. */
export const SLEEPS = `(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    ;; A subscription: userdata 0, tag 0 (clock), id 1 (monotonic), timeout in nanoseconds at 24.
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const 0x7fffffffffffffff))
    (loop $again
      (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
      (br $again))))
`;

/** Imports what nobody provides. */
export const UNKNOWN_IMPORT = `(module
  (import "env" "launch" (func $launch))
  (memory (export "memory") 1)
  (func (export "_start") (call $launch)))
`;

/** Has no entry at all: valid WebAssembly of a kind that nobody knows. */
export const UNKNOWN_KIND = `(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
`;
