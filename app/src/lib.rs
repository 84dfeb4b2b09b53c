//! The page and its worker: what a person sees, and the engine behind it in a thread of its own.
//!
//! The page draws and edits; it never executes a guest. The worker executes; it never sees the page.

pub mod protocol;

pub mod runner;
pub mod worker;

pub mod draft;
pub mod gallery;
pub mod history;
pub mod kept;
pub mod parts;
pub mod seen;
pub mod store;
pub mod templates;
pub use engine::visible;

mod browser;
pub mod view;
