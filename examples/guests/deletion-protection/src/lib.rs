//! Refuses to delete what is marked, and to take the mark away, except for some groups.

use policy::{AdmissionRequest, Failure, Verdict, at};
use serde::Deserialize;
use serde_json::Value;

/// The mark, and for whom it means nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The annotation that marks; its value must be `true`.
    annotation: String,
    /// The groups that may delete nevertheless. Default: none.
    #[serde(default)]
    except: Vec<String>,
}

policy::export!(validate = review);

/// Looks at the object as it stands: there is no other when it is deleted.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    let is_marked = |object: &Value| at(object, &["metadata", "annotations", &settings.annotation]) == "true";
    let is_excepted = request.user_info.groups.iter().any(|group| settings.except.contains(group));
    if is_excepted || !is_marked(&request.old_object) {
        return Ok(Verdict::allow());
    }
    let mark = &settings.annotation;
    Ok(match request.operation.as_str() {
        "DELETE" => Verdict::deny(format!("it is protected by the annotation `{mark}`")),
        "UPDATE" if !is_marked(request.object()?) => {
            Verdict::deny(format!("the annotation `{mark}` protects it, and is not yours to take away"))
        }
        _ => Verdict::allow(),
    })
}
