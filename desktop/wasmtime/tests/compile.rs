//! A module that keeps the compiler busy is refused in time, and the next one is compiled as ever.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use engine::machine::{Machine, PrepareError};
use engine::module::to_binary;
use wasmtime_machine::{Metering, WasmtimeMachine};

/// Enough for a small module on a busy machine, and little enough to wait for.
const LIMIT: Duration = Duration::from_secs(3);

/// Functions of loops within loops: the compiler's work grows with the square of the depth, so that each takes
/// half a minute. More functions than any machine here has processors to give them to.
fn busy() -> Vec<u8> {
    let depth = 10_000;
    let function = format!("(func {} {})", "loop ".repeat(depth), "end ".repeat(depth));
    to_binary(format!("(module {})", function.repeat(64)).as_bytes()).unwrap()
}

#[test]
fn a_module_that_takes_too_long_is_refused() {
    let machine = WasmtimeMachine::new(Metering::On, None).unwrap().with_compile_limit(LIMIT);
    let begin = Instant::now();
    let Err(PrepareError::Refused(cause)) = machine.prepare(&busy(), &[]) else { panic!("it was compiled") };
    assert_eq!(cause, "compiling it takes longer than 3 s; wasmi runs it without compiling");
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    let next = to_binary(b"(module (func (export \"_start\")))").unwrap();
    assert!(machine.prepare(&next, &[]).is_ok(), "the next module waits for the first");
}
