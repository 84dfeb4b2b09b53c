//! The manifest layer: Kubernetes manifests as text that survives a change.
//!
//! Reads YAML and JSON into a tree with comments and positions, answers what kubectl would read, and
//! writes changes back into the original text. It refuses input without limits, knows no Kubernetes
//! schema, and does no input or output of its own.
//!
//! A value is read as kubectl reads it (go-yaml v2, YAML 1.1: `yes` is true, `0777` is 511), and what is
//! written is quoted so that kubectl reads the same value again.

mod adopt;
mod align;
mod diff;
mod emit;
mod json;
mod layout;
mod merge;
mod node;
mod parse;
mod path;
mod quote;
mod same;
mod scalar;
mod splice;
mod text;
mod tree;

pub use adopt::adopt;
pub use diff::{Change, ChangeKind, diff};
pub use emit::{SequenceIndent, emit};
pub use json::{emit_json, from_json, to_json};
pub use node::{Comments, Entry, Links, Node, Span, Style, Value};
pub use parse::{Document, Limits, ParseError, parse};
pub use path::{Path, Step, locate};
pub use scalar::Scalar;
pub use splice::splice;
