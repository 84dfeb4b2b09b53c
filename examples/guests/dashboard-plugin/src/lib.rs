//! A small SDK for plugins of KubeStellar's dashboard: handlers take the body of a request and answer with JSON, and
//! may ask the dashboard for the cluster, for their settings and for what they stored. Nothing else is reached.
//!
//! A whole plugin is this, with a `plugin.yml` that gives routes their handlers:
//!
//! ```
//! use dashboard_plugin::{Answer, host};
//! use serde_json::json;
//!
//! fn pods(_body: &[u8]) -> Answer {
//!     let pods = host::get("/api/v1/pods")?;
//!     Ok(json!({ "pods": pods["items"].as_array().map(Vec::len) }))
//! }
//!
//! dashboard_plugin::export!(handle_pods = pods);
//! # fn main() {}
//! ```
//!
//! Build it as a `cdylib` with `cargo build --release --target wasm32-wasip1`.

pub mod host;
mod memory;

use serde_json::{Value, json};

/// What a handler answers. The dashboard sends every answer with status 200: a reason is told as `{"error": …}`.
pub type Answer = Result<Value, String>;

/// Exports a handler under the name that `plugin.yml` gives it.
#[macro_export]
macro_rules! export {
    ($name:ident = $handler:path) => {
        /// What the dashboard calls.
        #[expect(unsafe_code, reason = "an export must keep its name, which no other function here has")]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(address: u64, length: u64) -> u64 {
            $crate::serve(address, length, $handler)
        }
    };
}

/// Answers one request. [`export!`] calls it.
pub fn serve(address: u64, length: u64, handler: impl FnOnce(&[u8]) -> Answer) -> u64 {
    let mut body = memory::take(usize::try_from(address).unwrap_or_default());
    body.truncate(usize::try_from(length).unwrap_or_default());
    let answer = handler(&body).unwrap_or_else(|reason| json!({ "error": reason }));
    memory::answer(answer.to_string().into_bytes())
}
