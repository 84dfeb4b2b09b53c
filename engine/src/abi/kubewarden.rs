//! Kubewarden policies: what they are given and what they answer, the same over waPC and over WASI.
//!
//! Pure functions over JSON: it runs no guest, and takes no verdict from an answer that breaks a rule. Source:
//! Kubewarden's policy evaluator (`admission_request.rs`, `admission_response.rs`) and its SDKs.

#[cfg(feature = "gate")]
pub(crate) mod capabilities;
mod detect;
#[cfg(feature = "gate")]
pub(crate) mod expression;
#[cfg(feature = "gate")]
pub(crate) mod grants;
#[cfg(feature = "gate")]
pub(crate) mod host;
#[cfg(feature = "gate")]
mod kubernetes;
#[cfg(feature = "gate")]
mod payloads;
#[cfg(feature = "gate")]
pub(crate) mod wapc;
#[cfg(feature = "gate")]
pub(crate) mod wasi;

pub(crate) use self::detect::detect;
#[cfg(feature = "gate")]
pub(crate) use self::payloads::{
    Operation, admission, is_version, request, settings, settings_verdict, validation,
};
