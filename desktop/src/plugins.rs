//! kubectl plugins on this machine: where they are kept, where they come from, what each may do, and what one is given
//! to run against a real cluster.
//!
//! It draws nothing. A plugin is given nothing that a person did not agree to, and nothing is fetched unless a person
//! named it.

mod address;
mod docker;
mod given;
mod grants;
mod pull;
mod question;
mod registry;
mod store;
mod web;

pub use address::{Address, Scheme, plugin_name};
pub use given::{Call, Given, Reach};
pub use grants::{Grant, Granted, Grants};
pub use pull::{Pulled, pull};
pub use question::{Person, Terminal, answered, is_terminal, wanted};
pub use store::{Kept, Store};
pub use web::Web;
