//! What a module says of itself: imports, exports, memories, sections, producers, and the ABI it speaks.

use serde::{Deserialize, Serialize};
use wasmparser::{
    BinaryReaderError, ExternalKind, KnownCustom, Name, NameSectionReader, Parser, Payload,
    ProducersSectionReader, TypeRef, ValType, WasmFeatures,
};

use super::metadata::PolicyMetadata;
use super::purpose::purpose;
use super::{ModuleError, digest};
use crate::abi::{self, Detection};

/// The most imports, exports and custom sections that are listed; the counts go on beyond. Enough for every
/// real guest, and a hostile one cannot make a report of megabytes.
pub const MAX_LISTED: usize = 1_000;

/// The longest name or value that is kept, in characters.
const MAX_NAME: usize = 200;

/// The most types whose text is kept for the imports to name. Large Go programs have hundreds; eight million
/// would take half a gigabyte.
const MAX_TYPES: usize = 10_000;

/// The most parameters or results that a type's text spells out: more are counted.
const MAX_SPELLED: usize = 32;

/// What is known of a module without running it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModuleInfo {
    /// `sha256:` and 64 hexadecimal digits, of the binary.
    pub digest: String,
    /// The size of the binary, in bytes.
    pub bytes: u64,
    /// Functions that the module defines.
    pub functions: u64,
    /// Whether a start function runs when the module is instantiated.
    pub start: bool,
    /// Its memories, in pages of 64 KiB.
    pub memories: Vec<MemoryInfo>,
    /// What it imports, at most [`MAX_LISTED`].
    pub imports: Vec<ImportInfo>,
    /// How many imports there are.
    pub import_count: u64,
    /// What it exports, at most [`MAX_LISTED`].
    pub exports: Vec<ExportInfo>,
    /// How many exports there are.
    pub export_count: u64,
    /// Its custom sections, at most [`MAX_LISTED`].
    pub sections: Vec<SectionInfo>,
    /// How many custom sections there are.
    pub section_count: u64,
    /// What made it, from the `producers` section: field, name and version.
    pub producers: Vec<ProducerInfo>,
    /// The module's own name, from the `name` section.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many functions the `name` section names.
    pub named_functions: u64,
    /// What a Kubewarden policy says of itself. Read by an engine with the feature `gate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Box<PolicyMetadata>>,
    /// Names of entrypoints that the data of a Rego policy holds, such as `policy/violation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rego_entrypoints: Vec<String>,
    /// How the module is spoken to, and why that is believed.
    pub abi: Detection,
}

/// A memory's size, in pages of 64 KiB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryInfo {
    /// At the start.
    pub initial: u64,
    /// At the most, when the module sets a bound.
    pub maximum: Option<u64>,
}

/// An import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportInfo {
    /// The module name.
    pub module: String,
    /// The field name.
    pub name: String,
    /// Its type, as in `func (i32, i32) -> i32`.
    pub kind: String,
    /// What it is for, in plain words.
    #[serde(default)]
    pub purpose: String,
}

/// An export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportInfo {
    /// The name.
    pub name: String,
    /// `func`, `memory`, `table`, `global` or `tag`.
    pub kind: String,
}

/// A custom section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionInfo {
    /// The name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A line of the `producers` section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProducerInfo {
    /// `language`, `processed-by` or `sdk`.
    pub field: String,
    /// Such as `rustc`.
    pub name: String,
    /// Such as `1.95.0`.
    pub version: String,
}

/// Reads a binary's sections. Function bodies are passed over.
pub(super) fn inspect(bytes: &[u8]) -> Result<ModuleInfo, ModuleError> {
    let mut info = ModuleInfo { digest: digest(bytes), bytes: bytes.len() as u64, ..ModuleInfo::default() };
    let mut types = Vec::new();
    let mut parser = Parser::new(0);
    // Parsed, but not validated here: the machine's features decide.
    parser.set_features(WasmFeatures::all());
    for payload in parser.parse_all(bytes) {
        read(&payload.map_err(malformed)?, &mut info, &mut types).map_err(malformed)?;
    }
    info.abi = abi::detect(&info);
    Ok(info)
}

fn malformed(error: BinaryReaderError) -> ModuleError {
    ModuleError::Malformed { offset: error.offset(), message: in_words(error.message()) }
}

/// The parser's message as a person reads it.
pub(crate) fn in_words(message: &str) -> String {
    match message {
        "unexpected end-of-file" => "the file is cut off".to_owned(),
        message if message.contains("unexpected end") => format!("the file is cut off ({message})"),
        message => message.to_owned(),
    }
}

fn read(
    payload: &Payload<'_>,
    info: &mut ModuleInfo,
    types: &mut Vec<String>,
) -> Result<(), BinaryReaderError> {
    match payload {
        Payload::TypeSection(section) => {
            for group in section.clone().into_iter().take(MAX_TYPES) {
                let room = MAX_TYPES.saturating_sub(types.len());
                types.extend(group?.into_types().take(room).map(|kind| match kind.composite_type.inner {
                    wasmparser::CompositeInnerType::Func(signature) => describe(&signature),
                    _ => "func".into(),
                }));
            }
        }
        Payload::ImportSection(section) => {
            info.import_count = u64::from(section.count());
            for import in section.clone().into_iter().take(MAX_LISTED) {
                let import = import?;
                let kind = import_kind(&import.ty, types);
                let (module, name) = (cut(import.module), cut(import.name));
                let purpose = purpose(&module, &name).to_owned();
                info.imports.push(ImportInfo { module, name, kind, purpose });
            }
        }
        Payload::FunctionSection(section) => info.functions = u64::from(section.count()),
        Payload::MemorySection(section) => {
            for memory in section.clone().into_iter().take(MAX_LISTED) {
                let memory = memory?;
                info.memories.push(MemoryInfo { initial: memory.initial, maximum: memory.maximum });
            }
        }
        Payload::ExportSection(section) => {
            info.export_count = u64::from(section.count());
            for export in section.clone().into_iter().take(MAX_LISTED) {
                let export = export?;
                let kind = match export.kind {
                    ExternalKind::Func => "func",
                    ExternalKind::Table => "table",
                    ExternalKind::Memory => "memory",
                    ExternalKind::Global => "global",
                    ExternalKind::Tag => "tag",
                };
                info.exports.push(ExportInfo { name: cut(export.name), kind: kind.into() });
            }
        }
        Payload::StartSection { .. } => info.start = true,
        Payload::CustomSection(section) => {
            info.section_count += 1;
            if info.sections.len() < MAX_LISTED {
                let bytes = section.data().len() as u64;
                info.sections.push(SectionInfo { name: cut(section.name()), bytes });
                if section.name() == super::metadata::SECTION && info.policy.is_none() {
                    info.policy = Some(Box::new(super::metadata::read(section.data())));
                }
                match section.as_known() {
                    KnownCustom::Producers(producers) => read_producers(producers, info),
                    KnownCustom::Name(names) => read_names(names, info),
                    _ => {}
                }
            }
        }
        Payload::DataSection(section) if info.exports.iter().any(|it| it.name.starts_with("opa_")) => {
            for segment in section.clone() {
                read_entrypoints(segment?.data, info);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Rego policies hold the names of their entrypoints as texts that end with a zero.
fn read_entrypoints(data: &[u8], info: &mut ModuleInfo) {
    for text in data.split(|byte| *byte == 0).filter(|text| text.len() <= MAX_NAME) {
        let Ok(text) = str::from_utf8(text) else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.' | '-');
        let is_entrypoint = text.ends_with("/violation") || text.ends_with("/main");
        let is_listed = info.rego_entrypoints.iter().any(|it| it == text);
        if is_entrypoint
            && text.chars().all(is_name)
            && !is_listed
            && info.rego_entrypoints.len() < MAX_LISTED
        {
            info.rego_entrypoints.push(text.to_owned());
        }
    }
}

/// A broken custom section is no error: machines pass custom sections over.
fn read_producers(section: ProducersSectionReader<'_>, info: &mut ModuleInfo) {
    for field in section.into_iter().flatten() {
        for value in field.values.into_iter().flatten() {
            if info.producers.len() < MAX_LISTED {
                let (field, name, version) = (cut(field.name), cut(value.name), cut(value.version));
                info.producers.push(ProducerInfo { field, name, version });
            }
        }
    }
}

fn read_names(section: NameSectionReader<'_>, info: &mut ModuleInfo) {
    for part in section.into_iter().flatten() {
        match part {
            Name::Module { name, .. } => info.name = cut(name),
            Name::Function(names) => info.named_functions = u64::from(names.count()),
            _ => {}
        }
    }
}

fn import_kind(kind: &TypeRef, types: &[String]) -> String {
    match kind {
        TypeRef::Func(index) => usize::try_from(*index)
            .ok()
            .and_then(|index| types.get(index).cloned())
            .unwrap_or_else(|| "func".into()),
        TypeRef::Table(_) => "table".into(),
        TypeRef::Memory(_) => "memory".into(),
        TypeRef::Global(_) => "global".into(),
        TypeRef::Tag(_) => "tag".into(),
    }
}

fn describe(signature: &wasmparser::FuncType) -> String {
    let list = |kinds: &[ValType]| {
        let mut spelled: Vec<String> = kinds.iter().take(MAX_SPELLED).map(ToString::to_string).collect();
        let more = kinds.len() - spelled.len();
        if more > 0 {
            spelled.push(format!("{more} more"));
        }
        spelled.join(", ")
    };
    let params = list(signature.params());
    match signature.results() {
        [] => format!("func ({params})"),
        [one] => format!("func ({params}) -> {one}"),
        more => format!("func ({params}) -> ({})", list(more)),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_NAME).collect()
}
