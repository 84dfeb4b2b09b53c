//! KRM functions: the orchestrator's side, as kpt does it, and safe where kpt is dangerous.
//!
//! Pure functions over text: it runs no guest, reads no file, and writes none. A pipeline loads a [`Package`],
//! asks it for each step's [`Request`], runs the guest, and hands its [`Answer`] back.
//!
//! Source: the KRM functions specification (kustomize, `functions-spec.md`) and kpt 1.0.0-beta.56. Where this
//! differs from kpt:
//! - a document that no function changed stays byte for byte; kpt rewrites every file, and drops comments of
//!   a document without content;
//! - a function that prints nothing is refused; kpt deletes every file. A list without items is taken as the
//!   deletion it is, and each resource is named;
//! - a resource that two selectors match is sent once; kpt sends it twice and fails;
//! - a resource that came back without its id is matched by its kind and name, so that its comments stay;
//! - annotations that the orchestrator reserves never reach a file; kpt writes those it does not know;
//! - comments above a whole document and at its end are not sent, since their place in a list is ambiguous (kpt
//!   doubles them); they stay in the file;
//! - paths are brought to their shortest form, so that `./a.yaml` is `a.yaml`; kpt writes one over the other. A
//!   file without manifests is never written over.
//!
//! Like kpt in a package, it does not unwrap a `List` or `ResourceList` that a file holds.

mod accept;
mod annotations;
mod answer;
mod bundle;
mod changes;
mod config;
mod document;
mod draft;
mod list;
mod matching;
mod package;
mod path;
mod place;
mod relay;
mod results;
mod select;
mod write_back;

pub use accept::{Accepted, Answer, MAX_NOTES, MAX_RESULTS};
pub use bundle::{Bundle, bundle};
pub use list::Request;
pub use package::Package;
pub use relay::Relay;

/// Whether a WASI command's binary names what a KRM function reads and prints: `ResourceList`, as most languages
/// keep text, or in UTF-16, as AssemblyScript does. A hint, not a proof: other programs may speak of it, and a
/// function that treats its input as lines does not.
#[must_use]
pub fn is_named_in(module: &[u8]) -> bool {
    const NAME: &[u8] = b"ResourceList";
    let wide: Vec<u8> = NAME.iter().flat_map(|byte| [*byte, 0]).collect();
    let holds = |part: &[u8]| module.windows(part.len()).any(|window| window == part);
    holds(NAME) || holds(&wide)
}
