//! Which of Kubewarden's four kinds of policy a module is: by its metadata, and by what it imports and exports.
//!
//! Metadata that the module contradicts is not believed: such a module is unknown, and the evidence says why.

use crate::abi::{Abi, Detection};
use crate::module::inspect::ModuleInfo;
use crate::module::metadata::ExecutionMode;

/// The modules that a WASI policy imports `call` from: the second is what policies in JavaScript are built with.
pub(crate) const WASI_HOSTS: [&str; 2] = ["host", "kubewarden:javy/host"];

/// The ABI of a policy; nothing when the module is none.
pub(crate) fn detect(info: &ModuleInfo) -> Option<Detection> {
    let (shape, evidence) = shape(info).map_or((None, String::new()), |(abi, why)| (Some(abi), why));
    let metadata = info.policy.as_deref().filter(|metadata| metadata.problems.is_empty());
    let Some(metadata) = metadata else {
        return shape.map(|abi| Detection { abi, evidence: vec![evidence] });
    };
    let (said, mode) = match metadata.execution_mode {
        ExecutionMode::KubewardenWapc => (Abi::KubewardenWapc, "kubewarden-wapc"),
        ExecutionMode::Wasi => (Abi::KubewardenWasi, "wasi"),
        ExecutionMode::Opa => (Abi::KubewardenOpa, "opa"),
        ExecutionMode::Gatekeeper => (Abi::KubewardenGatekeeper, "gatekeeper"),
    };
    let says = format!("says in its metadata that its execution mode is `{mode}`");
    let is_possible = match (shape, said) {
        (Some(Abi::KubewardenWapc), _) => said == Abi::KubewardenWapc,
        (Some(Abi::KubewardenWasi) | None, _) => said == Abi::KubewardenWasi && exports(info, "_start"),
        // Both kinds of Rego look alike; what the data names is no proof.
        _ => matches!(said, Abi::KubewardenOpa | Abi::KubewardenGatekeeper),
    };
    let but = match (is_possible, evidence.is_empty()) {
        (true, true) => return Some(Detection { abi: said, evidence: vec![says] }),
        (true, false) => return Some(Detection { abi: said, evidence: vec![says, evidence] }),
        (false, true) => "but has neither `__guest_call` nor OPA's functions nor `_start`".to_owned(),
        (false, false) => format!("but {evidence}"),
    };
    Some(Detection { abi: Abi::Unknown, evidence: vec![says, but] })
}

/// What imports and exports say.
fn shape(info: &ModuleInfo) -> Option<(Abi, String)> {
    let imports = |module: &str| info.imports.iter().find(|import| import.module == module);
    if let Some(import) = imports("wapc") {
        return Some((Abi::KubewardenWapc, format!("imports `wapc.{}`", import.name)));
    }
    if exports(info, "__guest_call") {
        return Some((Abi::KubewardenWapc, "exports `__guest_call`".into()));
    }
    let is_opa = info.imports.iter().any(|import| import.module == "env" && import.name == "opa_abort");
    if exports(info, "opa_eval_ctx_new") || is_opa {
        return Some(rego(info));
    }
    let host = WASI_HOSTS.into_iter().find_map(imports).filter(|import| import.name == "call")?;
    Some((Abi::KubewardenWasi, format!("imports `{}.call`", host.module)))
}

fn rego(info: &ModuleInfo) -> (Abi, String) {
    let named = |end: &str| info.rego_entrypoints.iter().find(|it| it.ends_with(end));
    let of = |name: &str| format!("exports the functions of OPA's evaluator, and its data names `{name}`");
    match (named("/violation"), named("/main")) {
        (Some(name), None) => (Abi::KubewardenGatekeeper, of(name)),
        (None, Some(name)) => (Abi::KubewardenOpa, of(name)),
        _ => (Abi::Opa, "exports or imports the functions of OPA's evaluator".into()),
    }
}

fn exports(info: &ModuleInfo, name: &str) -> bool {
    info.exports.iter().any(|export| export.name == name && export.kind == "func")
}

#[cfg(all(test, feature = "gate"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::module::{Module, to_binary};

    const CALL: &str = "(func (export \"__guest_call\") (param i32 i32) (result i32) i32.const 1)";
    const START: &str = "(func (export \"_start\"))";

    fn rego(entrypoint: &str) -> String {
        format!(
            "(memory 1) (func (export \"opa_eval_ctx_new\")) (data (i32.const 0) \"x\\00{entrypoint}\\00y\")"
        )
    }

    fn says(mode: &str) -> String {
        format!(
            "(@custom \"io.kubewarden.metadata\" \"protocolVersion: v1\\0amutating: false\\0arules: []\\0aexecutionMode: {mode}\")"
        )
    }

    #[test]
    fn tells_the_four_kinds_apart() {
        let host = |module: &str| {
            let params = "(param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)";
            format!("(import \"{module}\" \"call\" (func {params})) {START}")
        };
        for (text, abi, evidence) in [
            (CALL.to_owned(), Abi::KubewardenWapc, "exports `__guest_call`"),
            (host("host"), Abi::KubewardenWasi, "imports `host.call`"),
            (host("kubewarden:javy/host"), Abi::KubewardenWasi, "imports `kubewarden:javy/host.call`"),
            (START.to_owned(), Abi::Wasi, "exports `_start`"),
            (format!("{START}{}", says("wasi")), Abi::KubewardenWasi, "execution mode is `wasi`"),
            (rego("policy/violation"), Abi::KubewardenGatekeeper, "names `policy/violation`"),
            (rego("k8s/main"), Abi::KubewardenOpa, "names `k8s/main`"),
            (rego("not an entrypoint/main"), Abi::Opa, "OPA's evaluator"),
            (
                format!("{}{}", rego("policy/main"), says("gatekeeper")),
                Abi::KubewardenGatekeeper,
                "`gatekeeper`",
            ),
            (
                format!("{}{}", rego("policy/main"), says("wasi")),
                Abi::Unknown,
                "but exports the functions of OPA",
            ),
            (format!("{CALL}{}", says("opa")), Abi::Unknown, "but exports `__guest_call`"),
            (format!("(func){}", says("wasi")), Abi::Unknown, "but has neither"),
            (
                format!("{CALL}(@custom \"io.kubewarden.metadata\" \"{{\")"),
                Abi::KubewardenWapc,
                "__guest_call",
            ),
        ] {
            let binary = to_binary(format!("(module {text})").as_bytes()).unwrap();
            let detection = Module::load(&binary).unwrap().info.abi;
            assert_eq!(detection.abi, abi, "{text}: {:?}", detection.evidence);
            assert!(detection.evidence.join("; ").contains(evidence), "{text}: {:?}", detection.evidence);
        }
    }
}
