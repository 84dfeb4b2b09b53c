//! wasmtime behind the engine's `Machine` seam. Knows no ABI.
