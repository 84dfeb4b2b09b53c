//! The functions of expressions: CEL's own and the API server's, and those that a rewritten tree calls.
//!
//! Functions whose results can be larger than what they are given are written here again, so that they are charged
//! before they make something.

use std::sync::Arc;

use kube_cel::KubeCelExt;
use kube_cel::cel::extractors::{Arguments, This};
use kube_cel::cel::{Context, ExecutionError, ResolveResult, Value};

use super::cost::{Cost, VALUE_BYTES};
use super::values::{Variables, kind, to_cel};

/// Looks up a path that begins with a variable.
pub(super) const AT: &str = "@at";
/// Whether the last of such a path is there.
pub(super) const HAS: &str = "@has";
/// Its first argument, which must have fields.
pub(super) const FIELDS: &str = "@fields";
/// Its argument, charged.
pub(super) const SIZE: &str = "@size";
/// Its argument, a loop's condition.
pub(super) const STEP: &str = "@step";
/// Its argument, charged as a regular expression.
pub(super) const PATTERN: &str = "@pattern";
/// Its argument, a format whose precisions are small.
pub(super) const FORMAT: &str = "@format";

/// What a pattern costs for each byte; one with counted repetitions costs as much as the largest, which takes tens of
/// milliseconds to compile.
const PATTERN_UNITS: u64 = 50;
const REPEATING_UNITS: u64 = 100_000;

/// The most digits that a precision in a format may have: the API server's is 100 at most too.
const PRECISION_DIGITS: usize = 2;

/// A context with all functions.
pub(super) fn context(variables: &Arc<Variables>, cost: &Cost) -> Context<'static> {
    let mut context = Context::default().with_all();
    lookups(&mut context, variables, cost);
    let own = cost.clone();
    context.add_function(SIZE, move |value: Value| own.value(&value).map(|()| value));
    let own = cost.clone();
    context.add_function(STEP, move |value: Value| own.charge(1).map(|()| value));
    let own = cost.clone();
    context.add_function(PATTERN, move |value: Value| {
        if let Value::String(text) = &value {
            let repeats = text.contains('{');
            own.charge(if repeats { REPEATING_UNITS } else { 100 + text.len() as u64 * PATTERN_UNITS })?;
        }
        Ok::<_, ExecutionError>(value)
    });
    context.add_function(FORMAT, format);
    context.add_function("size", size);
    let own = cost.clone();
    context.add_function("lists.range", move |count: i64| range(count, &own));
    let own = cost.clone();
    context.add_function("replace", move |This(text): This<Arc<String>>, Arguments(args): Arguments| {
        replace(&text, &args, &own)
    });
    let own = cost.clone();
    context.add_function("join", move |This(items): This<Arc<Vec<Value>>>, Arguments(args): Arguments| {
        join(&items, &args, &own)
    });
    context
}

fn lookups(context: &mut Context<'_>, variables: &Arc<Variables>, cost: &Cost) {
    let (own, known) = (cost.clone(), Arc::clone(variables));
    context.add_function(AT, move |Arguments(path): Arguments| -> ResolveResult {
        let value = to_cel(known.at(&texts(&path))?);
        own.value(&value).map(|()| value)
    });
    let known = Arc::clone(variables);
    context.add_function(HAS, move |Arguments(path): Arguments| known.has(&texts(&path)));
    let own = cost.clone();
    context.add_function(FIELDS, move |value: Value, field: Value| -> ResolveResult {
        own.value(&value)?;
        match (&value, &field) {
            (Value::Map(_), _) => Ok(value),
            (_, Value::String(field)) => Err(ExecutionError::no_such_key(field)),
            _ => Err(ExecutionError::NoSuchOverload),
        }
    });
}

fn texts(path: &[Value]) -> Vec<&str> {
    path.iter()
        .filter_map(|part| if let Value::String(text) = part { Some(text.as_str()) } else { None })
        .collect()
}

/// A text's is counted in characters, as CEL says.
fn size(This(of): This<Value>) -> Result<i64, ExecutionError> {
    let size = match &of {
        Value::List(items) => items.len(),
        Value::Map(map) => map.map.len(),
        Value::String(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    Ok(i64::try_from(size).unwrap_or(i64::MAX))
}

fn range(count: i64, cost: &Cost) -> ResolveResult {
    let length =
        u64::try_from(count).map_err(|_| ExecutionError::function_error("lists.range", "negative"))?;
    cost.bytes(length.saturating_mul(VALUE_BYTES))?;
    Ok(Value::List(Arc::new((0..count).map(Value::Int).collect())))
}

fn replace(text: &str, args: &[Value], cost: &Cost) -> ResolveResult {
    let (old, new, limit) = match args {
        [Value::String(old), Value::String(new)] => (old, new, usize::MAX),
        // All, where it is negative.
        [Value::String(old), Value::String(new), Value::Int(limit)] => {
            (old, new, usize::try_from(*limit).unwrap_or(usize::MAX))
        }
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    let found = if old.is_empty() { text.chars().count() + 1 } else { text.matches(old.as_str()).count() };
    let more = (found.min(limit) as u64).saturating_mul(new.len() as u64);
    cost.bytes(more.saturating_add(text.len() as u64))?;
    Ok(Value::from(text.replacen(old.as_str(), new, limit)))
}

fn join(items: &[Value], args: &[Value], cost: &Cost) -> ResolveResult {
    let separator = match args {
        [] => "",
        [Value::String(separator)] => separator.as_str(),
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    let items = items.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let texts: usize = items.iter().map(|item| item.len()).sum();
    let separators = (items.len() as u64).saturating_mul(separator.len() as u64);
    cost.bytes(separators.saturating_add(texts as u64))?;
    Ok(Value::from(items.join(separator)))
}

/// Refuses a precision that would make a text of any length.
fn format(value: Value) -> ResolveResult {
    if let Value::String(text) = &value {
        let is_large = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count() > PRECISION_DIGITS;
        if text.split("%.").skip(1).any(is_large) {
            return Err(ExecutionError::function_error("format", "a precision is larger than 99"));
        }
    }
    Ok(value)
}

fn text(item: &Value) -> Result<&str, ExecutionError> {
    match item {
        Value::String(text) => Ok(text.as_str()),
        other => Err(ExecutionError::function_error("join", format!("an element is {}", kind(other)))),
    }
}
