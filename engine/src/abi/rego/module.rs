//! The binary of a policy: which ABI it speaks, and a memory of its own in the place of the one it imports.
//!
//! It changes nothing else. Machines link functions only; a memory that the host would make for one instance alone is
//! as well the module's own.

use wasmparser::{ConstExpr, ExternalKind, MemoryType, Operator, Parser, Payload, TypeRef};

/// The name of the export that tells the ABI, and of the one that tells its minor version.
const VERSION: &str = "opa_wasm_abi_version";
const MINOR: &str = "opa_wasm_abi_minor_version";

/// The ABI that is spoken here.
const SPOKEN: i32 = 1;

/// The newest minor version that is known.
const NEWEST_MINOR: i32 = 3;

/// How many pages the memory has at the start, at least: what Kubewarden gives.
const PAGES: u64 = 5;

/// The memory's section, and those that come behind it.
const MEMORY: u8 = 5;
const BEHIND: [u8; 8] = [13, 6, 7, 8, 9, 12, 10, 11];
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// What every policy exports.
const NEEDED: [&str; 6] =
    ["builtins", "entrypoints", "opa_malloc", "opa_json_parse", "opa_json_dump", "opa_heap_ptr_get"];

/// What is known of a policy's binary.
#[derive(Debug, Default)]
struct Found {
    /// The imported memory, with the import section's other entries, byte for byte.
    memory: Option<MemoryType>,
    imports: Vec<Vec<u8>>,
    /// The exports, byte for byte, and their names where they are functions.
    exports: Vec<Vec<u8>>,
    functions: Vec<String>,
    has_memory_export: bool,
    defines_memory: bool,
    /// The constants of globals that are 32-bit numbers, and the globals of [`VERSION`] and [`MINOR`].
    globals: Vec<Option<i32>>,
    version: Option<u32>,
    minor: Option<u32>,
}

/// A policy's binary with a memory of its own, and what to say of its version.
///
/// # Errors
/// Why it is no policy that can be run here, as a predicate.
pub(crate) fn own_memory(bytes: &[u8]) -> Result<(Vec<u8>, Option<String>), String> {
    let found = Found::read(bytes).map_err(|error| format!("cannot be read: {error}"))?;
    let note = found.check()?;
    let Some(memory) = found.memory else { return Ok((bytes.to_vec(), note)) };
    if memory.memory64 || memory.shared || found.defines_memory {
        return Err("imports a memory that is no plain one, or has another beside it".into());
    }
    let rewritten = rewrite(bytes, &found, &memory).map_err(|error| format!("cannot be read: {error}"))?;
    Ok((rewritten, note))
}

impl Found {
    fn read(bytes: &[u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut found = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    let end = section.range().end;
                    let entries: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
                    let ends = entries.iter().skip(1).map(|(at, _)| *at).chain([end]);
                    for ((start, import), end) in entries.iter().zip(ends) {
                        match import.ty {
                            TypeRef::Memory(memory)
                                if (import.module, import.name) == ("env", "memory")
                                    && found.memory.is_none() =>
                            {
                                found.memory = Some(memory);
                            }
                            _ => found.imports.push(bytes.get(*start..end).unwrap_or_default().to_vec()),
                        }
                        if matches!(import.ty, TypeRef::Global(_)) {
                            found.globals.push(None);
                        }
                    }
                }
                Payload::MemorySection(section) => found.defines_memory |= section.count() > 0,
                Payload::GlobalSection(section) => {
                    for global in section {
                        found.globals.push(constant(&global?.init_expr));
                    }
                }
                Payload::ExportSection(section) => {
                    let end = section.range().end;
                    let entries: Vec<_> = section.into_iter_with_offsets().collect::<Result<_, _>>()?;
                    let ends = entries.iter().skip(1).map(|(at, _)| *at).chain([end]);
                    for ((start, export), end) in entries.iter().zip(ends) {
                        found.exports.push(bytes.get(*start..end).unwrap_or_default().to_vec());
                        match (export.kind, export.name) {
                            (ExternalKind::Func, name) => found.functions.push(name.to_owned()),
                            (ExternalKind::Memory, "memory") => found.has_memory_export = true,
                            (ExternalKind::Global, VERSION) => found.version = Some(export.index),
                            (ExternalKind::Global, MINOR) => found.minor = Some(export.index),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    fn global(&self, index: Option<u32>) -> Option<i32> {
        self.globals.get(usize::try_from(index?).ok()?).copied().flatten()
    }

    /// What to say of the version, or why it cannot be spoken to.
    fn check(&self) -> Result<Option<String>, String> {
        let missing: Vec<_> =
            NEEDED.iter().filter(|name| !self.functions.iter().any(|it| it == *name)).copied().collect();
        if !missing.is_empty() {
            let missing = missing.join("`, `");
            return Err(format!("does not export `{missing}`, as OPA's ABI 1.0 and later do"));
        }
        let minor = self.global(self.minor).unwrap_or_default();
        match self.global(self.version) {
            None => Err(format!("does not say in `{VERSION}` which ABI it speaks")),
            Some(SPOKEN) if minor > NEWEST_MINOR => Ok(Some(format!(
                "it speaks OPA's ABI 1.{minor}, and 1.{NEWEST_MINOR} is the newest that is known"
            ))),
            Some(SPOKEN) => Ok(None),
            Some(other) => Err(format!("speaks OPA's ABI {other}, and {SPOKEN} is spoken here")),
        }
    }
}

/// The number of `i32.const`, alone.
fn constant(init: &ConstExpr<'_>) -> Option<i32> {
    let mut operators = init.get_operators_reader();
    match (operators.read().ok()?, operators.read().ok()?) {
        (Operator::I32Const { value }, Operator::End) => Some(value),
        _ => None,
    }
}

fn rewrite(
    bytes: &[u8],
    found: &Found,
    memory: &MemoryType,
) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    let mut out = bytes.get(..8).unwrap_or_default().to_vec();
    let mut is_placed = false;
    for payload in Parser::new(0).parse_all(bytes) {
        let Some((id, range)) = payload?.as_section() else { continue };
        if BEHIND.contains(&id) && !is_placed {
            section(&mut out, MEMORY, &limits(memory));
            is_placed = true;
        }
        match id {
            // Empty where the memory was its first definition.
            MEMORY => {}
            IMPORTS => section(&mut out, id, &list(&found.imports, None)),
            EXPORTS if !found.has_memory_export => {
                let export = b"\x06memory\x02\x00";
                section(&mut out, id, &list(&found.exports, Some(export)));
            }
            _ => section(&mut out, id, bytes.get(range).unwrap_or_default()),
        }
    }
    Ok(out)
}

/// A memory section of one memory.
fn limits(memory: &MemoryType) -> Vec<u8> {
    let most = memory.maximum.unwrap_or(u64::MAX);
    let initial = memory.initial.max(PAGES.min(most));
    let mut body = vec![1, u8::from(memory.maximum.is_some())];
    number(&mut body, initial);
    if let Some(most) = memory.maximum {
        number(&mut body, most);
    }
    body
}

/// A section's entries behind their count.
fn list(entries: &[Vec<u8>], last: Option<&[u8]>) -> Vec<u8> {
    let mut body = Vec::new();
    number(&mut body, (entries.len() + usize::from(last.is_some())) as u64);
    body.extend(entries.iter().flatten());
    body.extend(last.unwrap_or_default());
    body
}

fn section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    number(out, body.len() as u64);
    out.extend_from_slice(body);
}

/// A number as WebAssembly writes it (LEB128).
fn number(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}
