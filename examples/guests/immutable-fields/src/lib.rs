//! Refuses updates of fields that must keep the value they once got.

use policy::{AdmissionRequest, Failure, Verdict};
use serde::Deserialize;

/// Which fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// As JSON pointers, such as `/spec/storageClassName` or `/metadata/labels/example.com~1team`.
    fields: Vec<String>,
}

policy::export!(validate = review);

/// Compares the object with what it was. What was not set may be set; what is created has no past.
fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
    if let Some(odd) = settings.fields.iter().find(|field| !field.starts_with('/')) {
        return Err(
            format!("`{odd}` is no field: a field begins with a slash, such as /spec/replicas").into()
        );
    }
    if request.operation != "UPDATE" {
        return Ok(Verdict::allow());
    }
    let object = request.object()?;
    let mut findings = Vec::new();
    for field in &settings.fields {
        let (old, new) = (request.old_object.pointer(field), object.pointer(field));
        if let Some(old) = old.filter(|old| !old.is_null() && Some(*old) != new) {
            let new = new.map_or("gone".to_owned(), ToString::to_string);
            findings.push(format!("{field}: it is {old}, stays so, and cannot become {new}"));
        }
    }
    Ok(Verdict::of(&findings))
}
