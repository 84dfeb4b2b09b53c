//! What the worker answers besides runs: modules looked into, workspaces read and
//! written, manifests read for mistakes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use engine::link::{self, LinkError};
use engine::machine::{Machine, PrepareError};
use engine::manifest::{Limits, locate, parse, to_json};
use engine::module::Module;
use engine::module::inspect::ModuleInfo;
use engine::request::File;
use engine::secrets;
use engine::wasi;
use engine::workspace::Workspace;

use crate::draft::Draft;
use crate::protocol::{Form, Mark, WireError, Written};

/// Looks into a module, and has the machine validate all of it.
pub(super) fn inspect(bytes: &[u8], machine: &dyn Machine) -> Result<ModuleInfo, WireError> {
    let module = Module::load(bytes).map_err(|error| WireError::new(error.to_string(), error.hint()))?;
    match machine.prepare(bytes, wasi::functions()) {
        Err(PrepareError::Refused(cause)) => {
            Err(WireError::new(format!("not valid WebAssembly here: {cause}"), REFUSED))
        }
        // What it imports is said when it is run: another ABI may provide it.
        _ => Ok(module.info),
    }
}

const REFUSED: &str =
    "threads, exceptions, vectors (SIMD), garbage collection and 64-bit memories are off; build without them";

/// Reads a workspace: all of it is checked, and given as it is written.
pub(super) fn read(form: Form, text: &str) -> Result<Draft, WireError> {
    let unpacked = match form {
        Form::Link => link::unpack(text).map(Cow::Owned),
        Form::File => Ok(Cow::Borrowed(text)),
    };
    let json = unpacked.and_then(|text| Workspace::json_from_yaml(&text).map_err(LinkError::Workspace));
    let wrong = |error: LinkError| match (form, error) {
        (Form::File, LinkError::Workspace(error)) => {
            WireError::new(error.to_string(), "nothing was changed; correct the file and open it again")
        }
        (_, error) => WireError::new(error.to_string(), error.hint()),
    };
    Draft::from_json(json.map_err(wrong)?).map_err(|cause| WireError::new(cause, ""))
}

/// Writes a workspace, and looks for secrets in it.
pub(super) fn write(form: Form, draft: Draft) -> Result<Written, WireError> {
    let json = draft.into_json();
    let workspace = Workspace::from_json(json.clone()).map_err(|error| WireError::new(error.message, ""))?;
    let text = Workspace::json_to_yaml(&json);
    let text = match form {
        Form::Link => link::pack(&text).map_err(|error| WireError::new(error.to_string(), error.hint()))?,
        Form::File => text,
    };
    Ok(Written { text, warnings: secrets::find(&workspace) })
}

/// Fields of an object by their paths; null for what is not there.
pub(super) fn fields(object: &str, paths: Vec<String>) -> BTreeMap<String, serde_json::Value> {
    let documents = parse(object, &Limits::default()).unwrap_or_default();
    let root = documents.first().map(|document| &document.root);
    let value = |path: &str| root.and_then(|root| locate(root, path)).map(to_json).unwrap_or_default();
    paths.into_iter().map(|path| (path.clone(), value(&path))).collect()
}

/// The first mistake of each file.
pub(super) fn lint(files: &[File]) -> Vec<Mark> {
    let mark = |file: &File| {
        let error = parse(&file.text, &Limits::default()).err()?;
        Some(Mark {
            file: file.path.clone(),
            line: u32::try_from(error.line).unwrap_or(0),
            column: u32::try_from(error.column).unwrap_or(0),
            severity: "error".into(),
            message: error.message.clone(),
        })
    };
    files.iter().filter_map(mark).collect()
}
