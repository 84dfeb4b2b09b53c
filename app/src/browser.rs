//! Everything that touches the browser, one concern to a file. The rest of the page is plain Rust.

pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod database;
pub(crate) mod editor;
pub(crate) mod fetch;
pub(crate) mod file;
pub(crate) mod hash;
pub(crate) mod invoke;
pub(crate) mod message;
pub(crate) mod offline;
pub(crate) mod settings;
pub(crate) mod theme;
pub(crate) mod translator;
pub(crate) mod turn;
