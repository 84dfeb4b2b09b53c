//! How a module is spoken to: detected from its imports and exports, with the evidence.
//!
//! Detection never runs a module, and never guesses silently: what is unknown is called so.

#[cfg(feature = "gate")]
pub(crate) mod answer;
pub mod command;
#[cfg(any(feature = "gate", feature = "plugins"))]
pub(crate) mod fields;
#[cfg(feature = "plugins")]
pub(crate) mod go_plugin;
#[cfg(feature = "gate")]
pub(crate) mod k8s_wasm;
#[cfg(feature = "plugins")]
pub(crate) mod krew;
pub mod krm;
#[cfg(feature = "plugins")]
pub(crate) mod kubestellar;
pub(crate) mod kubewarden;
#[cfg(feature = "gate")]
pub(crate) mod policy;
#[cfg(feature = "gate")]
pub(crate) mod rego;

use serde::{Deserialize, Serialize};

use crate::module::inspect::ModuleInfo;

/// The import module of WASI preview 1.
const WASI: &str = "wasi_snapshot_preview1";

/// The ways a module can be spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abi {
    /// A WASI preview 1 command: a KRM function in a pipeline (a `ResourceList` on stdin and stdout).
    Wasi,
    /// kpt's own alpha form: a Go program for JavaScript that sets two global functions.
    KptGoJs,
    /// k8s-wasm: authentication, authorization and admission by exported functions.
    K8sWasm,
    /// A Kubewarden policy over waPC.
    KubewardenWapc,
    /// A Kubewarden policy that is a WASI program.
    KubewardenWasi,
    /// A Rego policy that answers as OPA's admission policies do.
    KubewardenOpa,
    /// A Rego policy that answers as Gatekeeper's constraint templates do.
    KubewardenGatekeeper,
    /// A Rego policy compiled by Open Policy Agent, of which nothing says which of the two it is.
    Opa,
    /// A kubectl plugin of krew-wasm: a WASI command with outbound HTTP.
    Krew,
    /// A dashboard plugin of KubeStellar.
    Kubestellar,
    /// A service of go-plugin, as the Kubernetes host proxy runs them.
    GoPlugin,
    /// None that is known here.
    #[default]
    Unknown,
}

impl Abi {
    /// The name a person reads.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Wasi => "WASI command (KRM function)",
            Self::KptGoJs => "kpt function (Go for JavaScript)",
            Self::K8sWasm => "k8s-wasm module",
            Self::KubewardenWapc => "Kubewarden policy (waPC)",
            Self::KubewardenWasi => "Kubewarden policy (WASI)",
            Self::KubewardenOpa => "Kubewarden policy (Rego, OPA)",
            Self::KubewardenGatekeeper => "Kubewarden policy (Rego, Gatekeeper)",
            Self::Opa => "Rego policy (OPA)",
            Self::Krew => "kubectl plugin (krew-wasm)",
            Self::Kubestellar => "dashboard plugin (KubeStellar)",
            Self::GoPlugin => "go-plugin service",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a pipeline can run it as a function.
    #[must_use]
    pub fn is_function(self) -> bool {
        self == Self::Wasi
    }
}

impl Abi {
    /// Whether it is a policy that Kubewarden runs.
    #[must_use]
    pub fn is_kubewarden(self) -> bool {
        matches!(
            self,
            Self::KubewardenWapc | Self::KubewardenWasi | Self::KubewardenOpa | Self::KubewardenGatekeeper
        )
    }
}

/// An ABI and why it is believed to be that one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// Which.
    pub abi: Abi,
    /// The findings, each a short sentence without a full stop.
    pub evidence: Vec<String>,
}

/// Decides by the most telling import or export; the plain WASI command comes last, since several of the
/// others are WASI commands too.
#[must_use]
pub fn detect(info: &ModuleInfo) -> Detection {
    let imports = |module: &str| info.imports.iter().find(|import| import.module == module);
    let export = |name: &str| info.exports.iter().any(|export| export.name == name && export.kind == "func");
    let ends =
        |end: &str| info.exports.iter().find(|export| export.kind == "func" && export.name.ends_with(end));
    let found = |abi, evidence: &[String]| Detection { abi, evidence: evidence.to_vec() };

    for module in ["gojs", "go"] {
        if let Some(import) = imports(module) {
            let evidence = format!("imports `{module}.{}`, Go's JavaScript runtime", import.name);
            return found(Abi::KptGoJs, &[evidence]);
        }
    }
    if let Some(detection) = kubewarden::detect(info) {
        return detection;
    }
    if let Some(import) = imports("wasi-outbound-http") {
        return found(Abi::Krew, &[format!("imports `wasi-outbound-http.{}`", import.name)]);
    }
    if let Some(evidence) = kubestellar(info) {
        return found(Abi::Kubestellar, &evidence);
    }
    if let Some(version) = ends("_api_version") {
        let asks = imports("kubernetes").map(|import| format!("imports `kubernetes.{}`", import.name));
        let evidence: Vec<String> =
            std::iter::once(format!("exports `{}`", version.name)).chain(asks).collect();
        return found(Abi::GoPlugin, &evidence);
    }
    if let Some(name) = ["authn", "authz", "validate"].into_iter().find(|name| export(name)) {
        return found(Abi::K8sWasm, &[format!("exports `{name}`")]);
    }
    detect_wasi(info, export("_start"))
}

/// The host functions of dashboard plugins.
pub(crate) const DASHBOARD: [&str; 5] =
    ["host_get_config", "host_k8s_api_call", "host_log", "host_storage_get", "host_storage_set"];

/// A dashboard plugin asks its host, or takes requests: by an allocator, and a function to give memory back or one that
/// is named as handlers are. Programs of TinyGo export `_start` beside them.
fn kubestellar(info: &ModuleInfo) -> Option<Vec<String>> {
    let is_own = |name: &str| DASHBOARD.contains(&name);
    let import = info.imports.iter().find(|import| import.module == "env" && is_own(&import.name));
    if let Some(import) = import {
        return Some(vec![format!("imports `env.{}`, which dashboard plugins ask", import.name)]);
    }
    let mut functions = info.exports.iter().filter(|export| export.kind == "func").map(|it| it.name.as_str());
    let is_second = |name: &str| name == "deallocate" || name.starts_with("handle");
    let second = functions.clone().find(|name| is_second(name))?;
    let is_allocator = functions.any(|name| name == "allocate");
    is_allocator.then(|| vec![format!("exports `allocate` and `{second}`, as dashboard plugins do")])
}

fn detect_wasi(info: &ModuleInfo, has_start: bool) -> Detection {
    let foreign = info.imports.iter().find(|import| import.module != WASI);
    match (has_start, foreign) {
        (true, None) => {
            let evidence = match info.imports.len() {
                0 => "exports `_start` and imports nothing".into(),
                count => format!("exports `_start`; all of its {count} imports are WASI preview 1"),
            };
            Detection { abi: Abi::Wasi, evidence: vec![evidence] }
        }
        (true, Some(import)) => {
            let evidence = format!("exports `_start`, but imports `{}.{}`", import.module, import.name);
            Detection { abi: Abi::Unknown, evidence: vec![evidence] }
        }
        (false, _) => {
            let evidence = "exports no `_start`, and nothing that another ABI is known by".into();
            Detection { abi: Abi::Unknown, evidence: vec![evidence] }
        }
    }
}
