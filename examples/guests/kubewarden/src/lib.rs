//! A small SDK for Kubewarden policies over waPC: reads what the host sends, lets a policy judge, answers. What it asks the
//! host for, the host may refuse.
//!
//! A whole policy is this, with a `metadata.json` beside its `Cargo.toml`:
//!
//! ```
//! use kubewarden::Host;
//! use policy::{AdmissionRequest, Failure, Verdict};
//!
//! #[derive(serde::Deserialize)]
//! struct Settings {
//!     name: String,
//! }
//!
//! fn review(request: &AdmissionRequest, settings: &Settings, host: &Host) -> Result<Verdict, Failure> {
//!     host.log("info", &format!("looking at {}", request.name));
//!     Ok(if request.name == settings.name { Verdict::deny("taken") } else { Verdict::allow() })
//! }
//!
//! kubewarden::export!(review);
//! # fn main() {}
//! ```
//!
//! Build it as a `cdylib` with `cargo build --release --target wasm32-wasip1`.

mod host;

use policy::{AdmissionRequest, Failure, Verdict};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use host::Host;

/// What a waPC function returns: bytes, or why there are none.
pub type Answer = Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

/// Makes a policy of a function that takes the request, the settings as the type that it names, and the host.
#[macro_export]
macro_rules! export {
    ($review:path) => {
        fn wapc_validate(payload: &[u8]) -> $crate::Answer {
            $crate::validate(payload, $review)
        }

        fn wapc_validate_settings(payload: &[u8]) -> $crate::Answer {
            $crate::validate_settings(payload, $review)
        }

        /// What the host calls first.
        #[expect(unsafe_code, reason = "an export must keep its name, which no other function here has")]
        #[unsafe(no_mangle)]
        pub extern "C" fn wapc_init() {
            $crate::register(wapc_validate, wapc_validate_settings);
        }
    };
}

/// Puts a file into the module as Kubewarden's metadata: which requests the policy is for, whether it changes objects,
/// and what it wants to read of the cluster.
#[macro_export]
macro_rules! metadata {
    ($file:literal) => {
        /// Read by hosts, never by the policy.
        #[expect(unsafe_code, reason = "a section of the module is named, which is nobody else's")]
        #[cfg_attr(target_family = "wasm", unsafe(link_section = "io.kubewarden.metadata"))]
        #[used]
        pub static METADATA: [u8; include_bytes!($file).len()] = *include_bytes!($file);
    };
}

/// What `validate` is given.
#[derive(Deserialize)]
struct Payload {
    request: AdmissionRequest,
    #[serde(default)]
    settings: Value,
}

/// Answers `validate`. [`export!`] calls it.
///
/// # Errors
/// When the payload cannot be read, or the policy cannot judge.
pub fn validate<S: DeserializeOwned>(
    payload: &[u8],
    review: impl FnOnce(&AdmissionRequest, &S, &Host) -> Result<Verdict, Failure>,
) -> Answer {
    let payload: Payload = serde_json::from_slice(payload)?;
    let judge = || review(&payload.request, &policy::settings(payload.settings)?, &Host::new());
    let verdict = judge().map_err(|failure| failure.to_string())?;
    Ok(verdict.kubewarden().to_string().into_bytes())
}

/// Answers `validate_settings`: whether they can be read. [`export!`] calls it.
///
/// # Errors
/// When the payload is no JSON.
pub fn validate_settings<S: DeserializeOwned>(
    payload: &[u8],
    _: impl FnOnce(&AdmissionRequest, &S, &Host) -> Result<Verdict, Failure>,
) -> Answer {
    let read = policy::settings::<S>(serde_json::from_slice(payload)?);
    let answer = match read {
        Ok(_) => json!({ "valid": true }),
        Err(failure) => json!({ "valid": false, "message": failure.to_string() }),
    };
    Ok(answer.to_string().into_bytes())
}

/// Tells the host which functions answer. [`export!`] calls it.
pub fn register(validate: fn(&[u8]) -> Answer, validate_settings: fn(&[u8]) -> Answer) {
    host::register("validate", validate);
    host::register("validate_settings", validate_settings);
    host::register("protocol_version", |_| Ok(b"\"v1\"".to_vec()));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        name: String,
    }

    fn review(request: &AdmissionRequest, settings: &Settings, host: &Host) -> Result<Verdict, Failure> {
        match request.name.as_str() {
            "asks" => host.list("v1", "Namespace").map(|_| Verdict::allow()),
            name if name == settings.name => Ok(Verdict::deny("taken")),
            _ => Ok(Verdict::mutate(json!({"a": 1}))),
        }
    }

    fn read(answer: Answer) -> Value {
        serde_json::from_slice(&answer.unwrap()).unwrap()
    }

    #[test]
    fn a_policy_answers() {
        let ask = |name: &str| {
            let payload = json!({"request": {"uid": "U", "name": name}, "settings": {"name": "web"}});
            validate(payload.to_string().as_bytes(), review)
        };
        assert_eq!(
            read(ask("web")),
            json!({"accepted": false, "message": "taken", "code": 403, "mutated_object": null, "warnings": [],
                "audit_annotations": {}})
        );
        let changed = read(ask("db"));
        assert_eq!(
            (changed.get("accepted"), changed.get("mutated_object")),
            (Some(&json!(true)), Some(&json!({"a": 1})))
        );
        assert_eq!(
            ask("asks").unwrap_err().to_string(),
            "there is no host here to ask for kubernetes/list_resources_all"
        );
        assert!(validate(b"{}", review).is_err());
    }

    #[test]
    fn settings_are_read_before_the_first_request() {
        assert_eq!(read(validate_settings(b"{\"name\": \"web\"}", review)), json!({"valid": true}));
        let refused = read(validate_settings(b"{\"nam\": \"web\"}", review));
        assert_eq!(refused.get("valid"), Some(&json!(false)));
        assert!(refused.to_string().contains("unknown field `nam`"), "{refused}");
    }
}
