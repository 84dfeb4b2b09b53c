// @ts-check
//! As much of WASI preview 1 as a function needs that reads stdin and writes stdout, for the bench page alone.
//! Refuses files, clocks that go and true randomness; what is not here answers EBADF.

/**
 * Runs a guest several times and gives the milliseconds of each run, without compiling it. It is sent to the
 * browser as text, so it uses nothing from around it.
 * @param {{ url: string, input: string, times: number }} what
 * @returns {Promise<number[]>}
 */
export async function runGuest({ url, input, times }) {
  const module = await WebAssembly.compileStreaming(fetch(url));
  const stdin = new TextEncoder().encode(input);
  // What wasi-libc takes for the end of the preopened folders.
  const EBADF = 8;

  const runOnce = () => {
    /** @type {WebAssembly.Memory} */
    let memory;
    let read = 0;
    let written = 0;
    const view = () => new DataView(memory.buffer);
    /** Calls back with each buffer of a list until one is not filled; gives the bytes in all. */
    const each = (
      /** @type {number} */ list,
      /** @type {number} */ count,
      /** @type {(at: number, size: number) => number} */ use,
    ) => {
      let total = 0;
      for (let index = 0; index < count; index += 1) {
        const size = view().getUint32(list + 8 * index + 4, true);
        const used = use(view().getUint32(list + 8 * index, true), size);
        total += used;
        if (used < size) {
          break;
        }
      }
      return total;
    };
    const zeros = (/** @type {number} */ first, /** @type {number} */ second) => {
      view().setUint32(first, 0, true);
      view().setUint32(second, 0, true);
      return 0;
    };
    /** @type {Record<string, (...values: any[]) => any>} */
    const calls = {
      fd_read: (_fd, list, count, result) => {
        const total = each(list, count, (at, size) => {
          const part = stdin.subarray(read, read + size);
          new Uint8Array(memory.buffer).set(part, at);
          read += part.length;
          return part.length;
        });
        view().setUint32(result, total, true);
        return 0;
      },
      fd_write: (_fd, list, count, result) => {
        const total = each(list, count, (_at, size) => size);
        written += total;
        view().setUint32(result, total, true);
        return 0;
      },
      environ_sizes_get: zeros,
      args_sizes_get: zeros,
      environ_get: () => 0,
      args_get: () => 0,
      random_get: (at, size) => {
        new Uint8Array(memory.buffer).fill(7, at, at + size);
        return 0;
      },
      clock_time_get: (_id, _precision, result) => {
        view().setBigUint64(result, 0n, true);
        return 0;
      },
      proc_exit: (code) => {
        throw new Error(`the guest exited with code ${code}`);
      },
    };
    /** @type {Record<string, Record<string, (...values: any[]) => any>>} */
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      (imports[from] ??= {})[name] = calls[name] ?? (() => EBADF);
    }
    const began = performance.now();
    const { exports } = new WebAssembly.Instance(module, imports);
    memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    /** @type {() => void} */ (exports._start)();
    const taken = performance.now() - began;
    // It writes about as much as it reads; far less is a complaint, not an answer.
    if (read < stdin.length || written < stdin.length / 2) {
      throw new Error(`the guest read ${read} and wrote ${written} of ${stdin.length} bytes`);
    }
    return taken;
  };
  return Array.from({ length: times }, runOnce);
}
