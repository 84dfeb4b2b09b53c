//! A small SDK for k8s-wasm modules: reads the envelope from stdin, lets a policy judge, writes the answer to
//! stdout. It opens no file, no connection and reads no clock.
//!
//! A whole policy is this:
//!
//! ```no_run
//! use policy::{AdmissionRequest, Failure, Verdict};
//!
//! #[derive(serde::Deserialize)]
//! struct Settings {
//!     name: String,
//! }
//!
//! fn review(request: &AdmissionRequest, settings: &Settings) -> Result<Verdict, Failure> {
//!     if request.name == settings.name {
//!         return Ok(Verdict::deny(format!("the name `{}` is taken", request.name)));
//!     }
//!     Ok(Verdict::allow())
//! }
//!
//! policy::export!(validate = review);
//! ```
//!
//! Build it as a `cdylib` with `cargo build --release --target wasm32-wasip1`.

mod access;
mod admission;
mod pod;
mod token;

use std::fmt;
use std::io::{self, Read, Write};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use access::{AccessReview, Decision, NonResource, Resource};
pub use admission::{AdmissionRequest, GroupVersionKind, GroupVersionResource, UserInfo, Verdict};
pub use pod::{Container, PodSpec, at, containers_mut, set};
pub use token::{Identity, TokenReview};

/// Why a module could not judge. The host refuses the request and shows the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl<T: Into<String>> From<T> for Failure {
    fn from(message: T) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Exports a function of the policy under the name by which the host calls it: `authn`, `authz` or `validate`.
///
/// The function takes a [`TokenReview`], an [`AccessReview`] or an [`AdmissionRequest`], and the settings as the
/// type that it names.
#[macro_export]
macro_rules! export {
    ($name:ident = $function:path) => {
        /// What the host calls.
        #[expect(unsafe_code, reason = "an export must keep its name, which no other function here has")]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name() {
            $crate::$name($function);
        }
    };
}

/// Answers one `TokenReview`. [`export!`] calls it.
pub fn authn<S: DeserializeOwned>(judge: impl FnOnce(&TokenReview, &S) -> Result<Identity, Failure>) {
    serve(|input| {
        respond(input, |review: Value, settings| token::answer(&review, |spec| judge(spec, settings)))
    });
}

/// Answers one `SubjectAccessReview`. [`export!`] calls it.
pub fn authz<S: DeserializeOwned>(judge: impl FnOnce(&AccessReview, &S) -> Result<Decision, Failure>) {
    serve(|input| {
        respond(input, |review: Value, settings| access::answer(&review, |spec| judge(spec, settings)))
    });
}

/// Answers one `AdmissionReview`. [`export!`] calls it.
pub fn validate<S: DeserializeOwned>(judge: impl FnOnce(&AdmissionRequest, &S) -> Result<Verdict, Failure>) {
    serve(|input| {
        respond(input, |review: Value, settings| {
            admission::answer(&review, |request| judge(request, settings))
        })
    });
}

/// What the host sends.
#[derive(Deserialize)]
struct Envelope {
    request: Value,
    #[serde(default)]
    settings: Value,
}

/// Reads stdin, writes the answer to stdout.
fn serve(answer: impl FnOnce(&str) -> Result<Value, Failure>) {
    let mut input = String::new();
    let read = io::stdin().lock().read_to_string(&mut input);
    let answer =
        read.map_err(|error| Failure(format!("stdin cannot be read: {error}"))).and_then(|_| answer(&input));
    let envelope = match answer {
        Ok(response) => json!({ "response": response, "error": null }),
        Err(failure) => json!({ "response": null, "error": failure.0 }),
    };
    let mut stdout = io::stdout().lock();
    // Flushed here, since no `main` ends that would do it. Without stdout nothing is answered, which the host takes for
    // a failure.
    let _ = stdout.write_all(envelope.to_string().as_bytes()).and_then(|()| stdout.flush());
}

/// Opens the envelope and hands its parts on.
fn respond<S: DeserializeOwned>(
    input: &str,
    answer: impl FnOnce(Value, &S) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let envelope: Envelope =
        serde_json::from_str(input).map_err(|error| format!("the envelope cannot be read: {error}"))?;
    answer(envelope.request, &settings(envelope.settings)?)
}

/// Reads settings; those that are not given are the defaults.
///
/// # Errors
/// When they have another shape, naming the field.
pub fn settings<S: DeserializeOwned>(value: Value) -> Result<S, Failure> {
    if value.is_null()
        && let Ok(settings) = S::deserialize(Value::Null)
    {
        return Ok(settings);
    }
    let value = if value.is_null() { json!({}) } else { value };
    serde_json::from_value(value).map_err(|error| format!("the settings cannot be read: {error}").into())
}

/// Reads a part of a request into its type.
fn part<T: DeserializeOwned>(review: &Value, path: &str) -> Result<T, Failure> {
    let value = review
        .pointer(path)
        .ok_or_else(|| format!("the request has no `{}`", path.trim_start_matches('/')))?;
    T::deserialize(value)
        .map_err(|error| format!("the request's `{}`: {error}", path.trim_start_matches('/')).into())
}

#[cfg(test)]
mod tests;
