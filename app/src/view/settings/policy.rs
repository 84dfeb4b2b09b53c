//! What a policy of an admission chain has besides: how it is spoken to, what it may ask its host, and how its verdict
//! counts.
//!
//! Refuses groups: their members stand in the File pane, where all of a workspace does.

use crate::view::rows::{Field, Written};

/// What may be said of a module instead of what is found in it.
const ABIS: &[&str] =
    &["", "k8s-wasm", "kubewarden-wapc", "kubewarden-wasi", "kubewarden-opa", "kubewarden-gatekeeper"];

/// The fields.
pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "Spoken to as",
        empty: "what is found in it",
        choices: ABIS,
        path: "abi",
        form: Written::Text,
    },
    Field {
        name: "May read kinds",
        empty: "none; such as v1/Pod, apps/v1/Deployment",
        choices: &[],
        path: "contextAware",
        form: Written::Kinds,
    },
    Field {
        name: "May ask its host",
        empty: "nothing; such as oci/*, net/v1/dns_lookup_host",
        choices: &[],
        path: "hostCapabilities",
        form: Written::List,
    },
    Field {
        name: "Its verdict",
        empty: "counts (protect)",
        choices: &["", "monitor"],
        path: "policyMode",
        form: Written::Text,
    },
    Field {
        name: "Message of a refusal",
        empty: "its own",
        choices: &[],
        path: "message",
        form: Written::Text,
    },
];
