//! Pods get no token for the API server unless they ask for one: a policy that changes the object.

use kubewarden::Host;
use policy::{AdmissionRequest, Failure, Verdict, at, set};
use serde::Deserialize;

/// Who is left as it is.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Service accounts whose pods get a token anyway.
    except: Vec<String>,
}

kubewarden::metadata!("../metadata.json");
kubewarden::export!(review);

/// Says no where the pod says nothing.
fn review(request: &AdmissionRequest, settings: &Settings, host: &Host) -> Result<Verdict, Failure> {
    let object = request.object()?;
    let account = at(object, &["spec", "serviceAccountName"]).as_str().unwrap_or("default");
    let is_said = !at(object, &["spec", "automountServiceAccountToken"]).is_null();
    if is_said || settings.except.iter().any(|except| except == account) {
        return Ok(Verdict::allow());
    }
    host.log("debug", &format!("{} gets no token", request.name));
    let mut object = object.clone();
    set(&mut object, &["spec", "automountServiceAccountToken"], false.into());
    Ok(Verdict::mutate(object))
}
