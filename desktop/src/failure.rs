//! Why something was not done, as a person reads it: the thing, the place and the cause in one sentence, and the
//! way out. It is for what never began; what a guest did is a report.

use std::fmt;

/// A sentence without a full stop, and the way out where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Names the thing, the place and the cause.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure without a way out.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// The same with a way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
