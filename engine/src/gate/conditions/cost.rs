//! What evaluating expressions may cost: nothing else ends a loop in one.
//!
//! A unit is about a microsecond in a page: a step of a loop, a call, or a hundred bytes that are copied.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kube_cel::cel::objects::Key;
use kube_cel::cel::{ExecutionError, Value};

/// What all conditions of a module may cost together. The API server's budget is 2,500,000 in units of its own, of which
/// a step takes more.
const BUDGET: u64 = 1_000_000;

/// What making or copying a value costs, whatever its size.
const CALL: u64 = 5;

/// The largest value that an expression may make, in bytes: the largest request that the API server takes is 3 MiB.
const MAX_VALUE_BYTES: u64 = 3 << 20;

/// How many bytes are copied for a unit.
const BYTES_OF_A_UNIT: u64 = 100;

/// What a value takes beside what it holds, in bytes: it stands in memory of its own.
pub(super) const VALUE_BYTES: u64 = 64;

/// What the API server says where expressions cost too much.
pub(super) const OUT_OF_BUDGET: &str =
    "validation failed due to running out of cost budget, no further validation rules will be run";

/// What is left of the budget.
#[derive(Clone, Debug)]
pub(super) struct Cost(Arc<AtomicU64>);

impl Default for Cost {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(BUDGET)))
    }
}

impl Cost {
    /// Charges some units.
    ///
    /// # Errors
    /// Once the budget is used up, and from then on.
    pub(super) fn charge(&self, units: u64) -> Result<(), ExecutionError> {
        let left = self.0.load(Ordering::Relaxed);
        let rest = left.saturating_sub(units);
        self.0.store(rest, Ordering::Relaxed);
        if rest == 0 { Err(used_up()) } else { Ok(()) }
    }

    /// Charges bytes that are about to be made or copied.
    ///
    /// # Errors
    /// As [`Cost::charge`], and when there are too many at once: that uses the budget up.
    pub(super) fn bytes(&self, bytes: u64) -> Result<(), ExecutionError> {
        let units = if bytes > MAX_VALUE_BYTES { BUDGET } else { CALL + bytes / BYTES_OF_A_UNIT };
        self.charge(units)
    }

    /// Charges a value that was made.
    ///
    /// # Errors
    /// As [`Cost::bytes`].
    pub(super) fn value(&self, value: &Value) -> Result<(), ExecutionError> {
        let mut bytes = 0;
        add(value, &mut bytes);
        self.bytes(bytes)
    }

    /// Whether nothing is left.
    pub(super) fn is_used_up(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

fn used_up() -> ExecutionError {
    ExecutionError::function_error("cost", OUT_OF_BUDGET)
}

/// Adds the size of a value, until it is larger than any may be.
fn add(value: &Value, bytes: &mut u64) {
    *bytes = bytes.saturating_add(VALUE_BYTES);
    match value {
        Value::String(text) => *bytes = bytes.saturating_add(text.len() as u64),
        Value::Bytes(data) => *bytes = bytes.saturating_add(data.len() as u64),
        Value::List(items) => {
            for item in items.iter() {
                if *bytes > MAX_VALUE_BYTES {
                    return;
                }
                add(item, bytes);
            }
        }
        Value::Map(map) => {
            for (key, item) in map.map.iter() {
                if *bytes > MAX_VALUE_BYTES {
                    return;
                }
                let key = if let Key::String(key) = key { key.len() as u64 } else { 0 };
                *bytes = bytes.saturating_add(key);
                add(item, bytes);
            }
        }
        _ => {}
    }
}
