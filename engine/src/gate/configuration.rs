//! The three configuration files of k8s-wasm's API server, read into chains: authentication, authorization, and
//! `AdmissionConfiguration` with the plugin `WASM`.
//!
//! It opens no file: a module's path becomes the name of a module of the workspace, and a plugin's `path` is a sentence
//! that says which file to open. Source: dvob/k8s-wasm, `docs/user-doc`.

use serde_json::Value as Json;

use super::typed;
use crate::abi::Abi;
use crate::abi::fields::Fields;
use crate::report::{Outcome, OutcomeKind};
use crate::request::GateModule;

/// Which of the three files a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// `--authentication-wasm-config-file`.
    Authentication,
    /// `--authorization-wasm-config-file`.
    Authorization,
    /// `--admission-control-config-file`, or the file that its plugin names.
    Admission,
}

/// A module of a configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Configured {
    /// The entry of the chain. Its module is the basename of `path`, and so is its name where none is given.
    pub entry: GateModule,
    /// Where the API server reads the module, such as `/etc/kubernetes/wasm/my_module.wasm`.
    pub path: String,
}

/// Reads a configuration, as YAML or JSON. `name` is what its sentences call the text.
///
/// # Errors
/// [`OutcomeKind::Invalid`] when the text does not parse, is no such configuration, has a field that is not known, or
/// names another file.
pub fn read(file: File, name: &str, text: &str) -> Result<Vec<Configured>, Outcome> {
    let refuse = |cause: String| Outcome::new(OutcomeKind::Invalid, format!("`{name}`: {cause}"));
    let Some(typed) = typed::object(name, text)? else { return Ok(Vec::new()) };
    let modules = match file {
        File::Admission if typed.value.get("plugins").is_some() => plugin(&typed.value).map_err(refuse)?,
        _ => Some(typed.value.clone()),
    };
    let Some(configuration) = modules else {
        return Err(refuse("no plugin is named `WASM`".into())
            .with_hint("k8s-wasm's plugin is `- name: WASM` with `configuration:`"));
    };
    entries(file, &configuration).map_err(refuse)
}

/// The configuration of the plugin `WASM`.
fn plugin(value: &Json) -> Result<Option<Json>, String> {
    let fields = Fields::of(value, "")?;
    let (version, kind) = (fields.text("apiVersion")?, fields.text("kind")?);
    if (version.as_str(), kind.as_str()) != ("apiserver.config.k8s.io/v1", "AdmissionConfiguration") {
        return Err(format!(
            "it is `{version} {kind}`, not `apiserver.config.k8s.io/v1 AdmissionConfiguration`"
        ));
    }
    for plugin in list(&fields, "plugins")? {
        let plugin = Fields::of(plugin, "plugins[]")?;
        if plugin.text("name")? != "WASM" {
            continue;
        }
        let path = plugin.text("path")?;
        return match plugin.any("configuration") {
            Some(configuration) => Ok(Some(configuration.clone())),
            None if path.is_empty() => Err("the plugin `WASM` has neither `configuration` nor `path`".into()),
            None => Err(format!("the plugin `WASM` names the file `{path}`: open that one")),
        };
    }
    Ok(None)
}

fn entries(file: File, configuration: &Json) -> Result<Vec<Configured>, String> {
    let fields = Fields::of(configuration, "")?;
    list(&fields, "modules")?.iter().enumerate().map(|(index, module)| entry(file, index, module)).collect()
}

fn list<'a>(fields: &Fields<'a>, key: &str) -> Result<&'a [Json], String> {
    match fields.any(key) {
        None => Ok(&[]),
        Some(Json::Array(items)) => Ok(items),
        Some(_) => Err(format!("`{key}` is not a list")),
    }
}

/// What a module of an admission chain may have beside the others.
const ADMISSION: [&str; 3] = ["type", "mutating", "rules"];

fn entry(file: File, index: usize, module: &Json) -> Result<Configured, String> {
    let at = format!("modules[{index}]");
    let fields = Fields::of(module, &at)?;
    let known = |key: &str| {
        ["name", "module", "settings", "debug"].contains(&key)
            || (file == File::Admission && ADMISSION.contains(&key))
    };
    if let Some((key, _)) = module.as_object().and_then(|object| object.iter().find(|(key, _)| !known(key))) {
        return Err(format!("`{at}.{key}` is not known"));
    }
    let path = fields.text("module")?;
    if path.is_empty() {
        return Err(format!("`{at}`: no module path specified"));
    }
    let base = path.rsplit('/').next().unwrap_or(&path).to_owned();
    let rules = match fields.any("rules") {
        Some(rules) => serde_json::from_value(rules.clone())
            .map_err(|error| format!("`{at}.rules` cannot be read: {error}"))?,
        None => Vec::new(),
    };
    let entry = GateModule {
        name: Some(fields.text("name")?).filter(|name| !name.is_empty()).unwrap_or_else(|| base.clone()),
        module: base,
        abi: abi(&at, &fields.text("type")?)?,
        settings: fields.any("settings").map(settings).unwrap_or_default(),
        debug: fields.flag("debug")?,
        mutating: fields.any("mutating").map(|_| fields.flag("mutating")).transpose()?,
        rules,
        ..GateModule::default()
    };
    Ok(Configured { entry, path })
}

fn abi(at: &str, kind: &str) -> Result<Option<Abi>, String> {
    match kind {
        "" | "wasi" => Ok(Some(Abi::K8sWasm)),
        "kubewarden" => Ok(Some(Abi::KubewardenWapc)),
        other => Err(format!("`{at}.type`: unknown module type '{other}'")),
    }
}

fn settings(value: &Json) -> String {
    manifest::emit(&manifest::from_json(value), manifest::SequenceIndent::Compact)
}
