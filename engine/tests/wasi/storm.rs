//! Every function with arguments drawn at random: nothing panics, nothing is kept beyond the budget.

use engine::machine::{Trap, Value, ValueType};
use engine::request::Budget;
use engine::wasi::functions;

use super::fake::{Fake, PATH};

/// Paths that hit one another.
const PATHS: &[&str] = &[
    "a",
    "b",
    "a/b",
    "a/b/c",
    "b/../a",
    ".",
    "..",
    "a/",
    "l",
    "l/x",
    "l/",
    "a/./b",
    "",
    "/a",
    "a\0",
    "readonly/file",
];

/// A linear congruential generator (Knuth's MMIX constants): the same storm every time.
struct Draws(u64);

impl Draws {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.next(from.len() as u64)).unwrap()]
    }

    /// An argument: mostly small, as descriptors and flags are; often a place where a path or vectors lie.
    fn argument(&mut self, kind: ValueType) -> Value {
        let number = match self.next(8) {
            0 => self.pick(&[0, 1, u64::MAX, u64::from(u32::MAX), 1 << 20, (1 << 20) - 4, 1 << 31, 1 << 63]),
            1..=3 => u64::from(PATH) + 64 * self.next(PATHS.len() as u64),
            _ => self.next(16),
        };
        match kind {
            ValueType::I32 => Value::I32((number & u64::from(u32::MAX)) as u32 as i32),
            _ => Value::I64(number.cast_signed()),
        }
    }
}

fn storm(seed: u64) {
    let budget =
        Budget { file_bytes: 200_000, stdout_bytes: 1 << 30, time_ms: u64::MAX, ..Budget::default() };
    let mut fake = Fake::with(budget);
    let mut draws = Draws(seed);
    let table: Vec<_> = functions().iter().filter(|function| function.name != "proc_exit").collect();
    for _ in 0..20_000 {
        if draws.next(10) == 0 {
            // Results overwrite the paths: lay them again now and then.
            for (index, path) in PATHS.iter().enumerate() {
                fake.put(PATH + 64 * u32::try_from(index).unwrap(), path.as_bytes());
            }
        }
        let function = draws.pick(&table);
        let args: Vec<Value> = function.params.iter().map(|kind| draws.argument(*kind)).collect();
        assert!(fake.host.gate.enter(&function.module, &function.name));
        match (function.call)(&mut fake, engine::machine::Args(&args)) {
            Ok(Some(Value::I32(number))) => assert!((0..77).contains(&number), "{}", function.name),
            Err(Trap::Stopped(_)) => fake.host.gate = Fake::new().host.gate,
            other => panic!("{} gave {other:?}", function.name),
        }
        assert!(fake.host.wasi.files().used() <= budget.file_bytes);
    }
    for fd in 0..1024 {
        let _ = fake.close(fd);
    }
    let _ = fake.host.wasi.files().list();
}

#[test]
fn no_call_panics() {
    for seed in 1..=10 {
        storm(seed);
    }
}
