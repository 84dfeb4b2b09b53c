//! Configuration files of k8s-wasm's API server, read into chains.
//!
//! Refuses to guess between authentication and authorization: their files look alike, so the name must say.

use crate::protocol::WireError;
use crate::runner::Configured;

/// The modules of a configuration, and where they are asked.
#[cfg(feature = "gate")]
pub(super) fn read(name: &str, text: &str) -> Result<Configured, WireError> {
    use engine::gate::configuration::{File, read};
    use engine::report::Stage;

    let lower = name.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let (file, stage) = if text.contains("AdmissionConfiguration") || named(&["admission"]) {
        (File::Admission, Stage::Validating)
    } else if named(&["authn", "authentication"]) {
        (File::Authentication, Stage::Authentication)
    } else if named(&["authz", "authorization"]) {
        (File::Authorization, Stage::Authorization)
    } else {
        let message = format!(
            "`{name}` has modules, and does not say whether they are asked who it is or whether it may"
        );
        return Err(WireError::new(
            message,
            "name it authn.yaml, authz.yaml or admission.yaml, and open it again",
        ));
    };
    let configured = read(file, name, text)
        .map_err(|outcome| WireError::new(outcome.message, outcome.hint.as_deref().unwrap_or_default()))?;
    Ok((
        stage,
        configured
            .into_iter()
            .map(|it| (serde_json::to_value(it.entry).unwrap_or_default(), it.path))
            .collect(),
    ))
}

/// This worker has no gate: the page asks the other one.
#[cfg(not(feature = "gate"))]
pub(super) fn read(name: &str, _: &str) -> Result<Configured, WireError> {
    Err(WireError::new(format!("`{name}` cannot be read by this worker"), "reload the page"))
}
