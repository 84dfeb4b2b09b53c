//! The signatures of a module's exported functions, and numbers handed over as wazero does it: as 64 bits that each
//! parameter reads in its own way.
//!
//! It calls nothing. A function that takes something else than numbers is said to.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    BinaryReaderError, CompositeInnerType, ExternalKind, FuncType, Parser, Payload, TypeRef, ValType,
};

use crate::machine::{Value, ValueType};

/// The parameters of a function, as far as anybody here calls one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    params: usize,
    /// The first two; nothing for one that is no number.
    first: [Option<ValueType>; 2],
}

impl Signature {
    fn of(function: &FuncType) -> Self {
        let kind = |index: usize| match function.params().get(index)? {
            ValType::I32 => Some(ValueType::I32),
            ValType::I64 => Some(ValueType::I64),
            ValType::F32 => Some(ValueType::F32),
            ValType::F64 => Some(ValueType::F64),
            _ => None,
        };
        Self { params: function.params().len(), first: [kind(0), kind(1)] }
    }

    /// The arguments of a call with these numbers, at most two.
    ///
    /// # Errors
    /// wazero's sentence when it takes more or fewer, and one of our own when it takes no numbers.
    pub(crate) fn args(self, numbers: &[u32]) -> Result<Vec<Value>, String> {
        if self.params != numbers.len() {
            return Err(format!("expected {} params, but passed {}", self.params, numbers.len()));
        }
        let value = |(kind, number): (Option<ValueType>, &u32)| match kind {
            Some(ValueType::I32) => Ok(Value::I32(number.cast_signed())),
            Some(ValueType::I64) => Ok(Value::I64(i64::from(*number))),
            Some(ValueType::F32) => Ok(Value::F32(*number)),
            Some(ValueType::F64) => Ok(Value::F64(u64::from(*number))),
            None => Err("it takes a parameter that is no number".to_owned()),
        };
        self.first.into_iter().zip(numbers).map(value).collect()
    }
}

/// The 64 bits of what a function returned.
pub(crate) fn bits(value: Value) -> u64 {
    match value {
        Value::I32(value) => u64::from(value.cast_unsigned()),
        Value::I64(value) => value.cast_unsigned(),
        Value::F32(bits) => u64::from(bits),
        Value::F64(bits) => bits,
    }
}

/// The exported functions among these names, with their signatures. A module that cannot be read has none: whoever runs
/// it says why.
pub(crate) fn exported(module: &[u8], names: &BTreeSet<&str>) -> BTreeMap<String, Signature> {
    let mut reading = Reading::default();
    for payload in Parser::new(0).parse_all(module) {
        let read = payload.and_then(|payload| reading.read(&payload, names));
        if read.is_err() {
            break;
        }
    }
    reading.found
}

/// Some bytes for each type and each function: machines take no module with more than a million of either.
#[derive(Default)]
struct Reading {
    types: Vec<Signature>,
    /// The type of each function.
    functions: Vec<u32>,
    found: BTreeMap<String, Signature>,
}

impl Reading {
    fn read(&mut self, payload: &Payload<'_>, names: &BTreeSet<&str>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section.clone() {
                    self.types.extend(group?.into_types().map(|kind| match kind.composite_type.inner {
                        CompositeInnerType::Func(function) => Signature::of(&function),
                        _ => Signature::default(),
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.clone() {
                    if let TypeRef::Func(kind) = import?.ty {
                        self.functions.push(kind);
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section.clone() {
                    self.functions.push(kind?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    if export.kind == ExternalKind::Func && names.contains(export.name) {
                        self.export(export.name, export.index);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn export(&mut self, name: &str, index: u32) {
        let place = |index: u32| usize::try_from(index).unwrap_or(usize::MAX);
        let kind = self.functions.get(place(index)).and_then(|kind| self.types.get(place(*kind)));
        if let Some(kind) = kind {
            self.found.insert(name.to_owned(), *kind);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const MODULE: &[u8] = br#"(module
      (import "env" "host_log" (func $log (param i32 i32)))
      (func (export "narrow") (param i32 i32) (result i64) (i64.const 0))
      (func (export "wide") (param i64 i64) (result i64) (i64.const 0))
      (func (export "mixed") (param i64 f32))
      (func (export "three") (param i32 i32 i32))
      (func (export "none"))
      (func (export "odd") (param i32 externref))
      (memory (export "memory") 1)
      (export "log" (func $log)))"#;

    #[test]
    fn numbers_are_handed_over_as_each_parameter_reads_them() {
        let module = crate::module::to_binary(MODULE).unwrap();
        let names = ["narrow", "wide", "mixed", "three", "none", "odd", "log", "memory", "absent"].into();
        let found = exported(&module, &names);
        let given = |name: &str| found.get(name).map(|signature| signature.args(&[u32::MAX, 7]));
        assert_eq!(given("narrow"), Some(Ok(vec![Value::I32(-1), Value::I32(7)])));
        assert_eq!(given("log"), given("narrow"));
        assert_eq!(given("wide"), Some(Ok(vec![Value::I64(0xffff_ffff), Value::I64(7)])));
        assert_eq!(given("mixed"), Some(Ok(vec![Value::I64(0xffff_ffff), Value::F32(7)])));
        assert_eq!(given("three"), Some(Err("expected 3 params, but passed 2".into())));
        assert_eq!(given("none"), Some(Err("expected 0 params, but passed 2".into())));
        assert_eq!(given("odd"), Some(Err("it takes a parameter that is no number".into())));
        assert_eq!((given("memory"), given("absent")), (None, None));
        assert!(exported(b"\0asm", &names).is_empty());
    }

    #[test]
    fn a_number_of_32_bits_has_no_upper_half() {
        assert_eq!(bits(Value::I32(-1)), 0xffff_ffff);
        assert_eq!(bits(Value::I64(-1)), u64::MAX);
    }
}
