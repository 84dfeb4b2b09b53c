//! What a policy of an admission chain has besides: how it is spoken to, what it may ask its host, and how its verdict
//! counts.
//!
//! Refuses groups: their members stand in the File pane, where all of a workspace does.

use engine::abi::Abi;
use engine::request::{ContextKind, PolicyMode};

use super::{set, text_of};
use crate::view::rows::{Field, joined, list};

/// What may be said of a module instead of what is found in it.
const ABIS: [(&str, Abi); 5] = [
    ("k8s-wasm", Abi::K8sWasm),
    ("kubewarden-wapc", Abi::KubewardenWapc),
    ("kubewarden-wasi", Abi::KubewardenWasi),
    ("kubewarden-opa", Abi::KubewardenOpa),
    ("kubewarden-gatekeeper", Abi::KubewardenGatekeeper),
];

/// The fields.
pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "Spoken to as",
        empty: "what is found in it",
        choices: &[
            "",
            "k8s-wasm",
            "kubewarden-wapc",
            "kubewarden-wasi",
            "kubewarden-opa",
            "kubewarden-gatekeeper",
        ],
        read: |w, index| {
            text_of(w, index, |it| {
                let word = |(word, abi): &(&str, Abi)| (Some(*abi) == it.abi).then(|| (*word).to_owned());
                ABIS.iter().find_map(word).unwrap_or_default()
            })
        },
        write: |w, index, text| {
            let abi = ABIS.iter().find(|(word, _)| *word == text).map(|(_, abi)| *abi);
            set(w, index, |it| it.abi = abi);
        },
    },
    Field {
        name: "May read kinds",
        empty: "none; such as v1/Pod, apps/v1/Deployment",
        choices: &[],
        read: |w, index| {
            text_of(w, index, |it| {
                let kind = |kind: &ContextKind| format!("{}/{}", kind.api_version, kind.kind);
                it.context_aware.iter().map(kind).collect::<Vec<_>>().join(", ")
            })
        },
        write: |w, index, text| {
            let kind = |text: String| {
                let (version, kind) = text.rsplit_once('/').unwrap_or(("v1", &text));
                ContextKind { api_version: version.to_owned(), kind: kind.to_owned() }
            };
            set(w, index, |it| it.context_aware = list(text).into_iter().map(kind).collect());
        },
    },
    Field {
        name: "May ask its host",
        empty: "nothing; such as oci/*, net/v1/dns_lookup_host",
        choices: &[],
        read: |w, index| text_of(w, index, |it| joined(&it.host_capabilities)),
        write: |w, index, text| set(w, index, |it| it.host_capabilities = list(text)),
    },
    Field {
        name: "Its verdict",
        empty: "counts",
        choices: &["", "is only told"],
        read: |w, index| {
            text_of(w, index, |it| match it.policy_mode {
                PolicyMode::Protect => String::new(),
                PolicyMode::Monitor => "is only told".to_owned(),
            })
        },
        write: |w, index, text| {
            let mode = if text.is_empty() { PolicyMode::Protect } else { PolicyMode::Monitor };
            set(w, index, |it| it.policy_mode = mode);
        },
    },
    Field {
        name: "Message of a refusal",
        empty: "its own",
        choices: &[],
        read: |w, index| text_of(w, index, |it| it.message.clone()),
        write: |w, index, text| set(w, index, |it| text.clone_into(&mut it.message)),
    },
];
