//! The exit statuses and what they mean, once for all commands.

use std::process::ExitCode;

use engine::report::{Limit, Outcome, OutcomeKind, Report};

use crate::interrupt;

/// An exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status(pub(crate) u8);

impl Status {
    /// It did what it was asked to: finished, or allowed.
    pub(crate) const DONE: Self = Self(0);
    /// It ran, and the answer is no: denied, failed, malformed, a case that falls short.
    pub(crate) const FAILED: Self = Self(1);
    /// It could not run: a bad module, input or command line, a file that cannot be read or written.
    pub(crate) const UNUSABLE: Self = Self(2);
    /// A limit of the budget ended it.
    pub(crate) const STOPPED: Self = Self(3);
    /// Ctrl-C ended it.
    pub(crate) const INTERRUPTED: Self = Self(interrupt::STATUS);

    /// What a report comes to.
    pub(crate) fn of(report: &Report) -> Self {
        Self::of_outcome(&report.outcome)
    }

    /// What an outcome comes to.
    pub(crate) fn of_outcome(outcome: &Outcome) -> Self {
        match outcome.kind {
            OutcomeKind::Finished | OutcomeKind::Allowed => Self::DONE,
            OutcomeKind::Denied
            | OutcomeKind::Failed
            | OutcomeKind::Exited
            | OutcomeKind::Trapped
            | OutcomeKind::Malformed => Self::FAILED,
            OutcomeKind::Stopped if outcome.limit == Some(Limit::Person) => Self::INTERRUPTED,
            OutcomeKind::Stopped => Self::STOPPED,
            OutcomeKind::Invalid | OutcomeKind::Internal => Self::UNUSABLE,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.0)
    }
}

/// The same for `--help`.
pub(super) const HELP: &str = "\
Exit status:
  0    finished or allowed
  1    denied or failed
  2    could not run: a bad module, input or command line
  3    stopped by a limit
  130  stopped by Ctrl-C";
