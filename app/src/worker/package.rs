//! Packages of dashboard plugins, opened into workspaces.
//!
//! Nothing of an archive is written, followed or run: its front end is listed.

use crate::draft::Draft;
use crate::protocol::WireError;

/// The workspace of a package: its manifest, its module, what else it holds by name, and a request for each route that
/// takes none.
#[cfg(feature = "plugins")]
pub(super) fn open(bytes: &[u8]) -> Result<Draft, WireError> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use engine::package;
    use engine::workspace::ModuleRef;
    use serde_json::json;

    use crate::draft::Kind;

    let package = package::open(bytes).map_err(|error| WireError::new(error.to_string(), error.hint()))?;
    let base64 = Some(STANDARD.encode(&package.module));
    let module = ModuleRef { name: package.name.clone(), base64, ..ModuleRef::default() };
    let assets = package.assets.iter().map(|asset| json!({"path": asset.path, "bytes": asset.bytes}));
    let body = json!({
        "module": module.name,
        "manifest": package.manifest,
        "assets": assets.collect::<Vec<_>>(),
    });
    Ok(Draft { title: package.name, modules: vec![module], ..Draft::of(Kind::Dashboard, body) })
}

/// This worker has no plugins: the page asks the other one.
#[cfg(not(feature = "plugins"))]
pub(super) fn open(_: &[u8]) -> Result<Draft, WireError> {
    Err(WireError::new("packages cannot be opened by this worker", "reload the page"))
}
