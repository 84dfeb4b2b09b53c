//! Requests run for a person who waits: progress on the console, Ctrl-C heard.
//!
//! One for all runs of a command: it holds the machine with what it has compiled, and hears Ctrl-C once.

use engine::machine::Machine;
use engine::report::Report;
use engine::request::RunRequest;
use engine::run::{Modules, Progress};
use engine::visible;

use super::Console;
use crate::Failure;
use crate::interrupt::Interrupt;
use crate::machines::{Engine, Metering};
use crate::runner::{self, Beside, Stage};

/// A machine, and Ctrl-C.
pub(crate) struct Execution {
    machine: Box<dyn Machine>,
    interrupt: Interrupt,
}

impl Execution {
    /// Makes the machine and begins to hear.
    pub(crate) fn begin(engine: Engine, metering: Metering) -> Result<Self, Failure> {
        Ok(Self { machine: engine.machine(metering)?, interrupt: Interrupt::hear() })
    }

    /// Runs a request to its end, and tells how far it is.
    pub(crate) fn run(&self, request: &RunRequest, modules: &Modules, console: &mut Console) -> Report {
        self.run_with(request, modules, Beside::default(), console)
    }

    /// As [`Execution::run`], with more than the request holds.
    pub(crate) fn run_with(
        &self,
        request: &RunRequest,
        modules: &Modules,
        beside: Beside<'_>,
        console: &mut Console,
    ) -> Report {
        let signal = self.interrupt.signal();
        runner::run_with(request, modules, self.machine.as_ref(), beside, signal, |stage| {
            console.progress(said(stage));
        })
    }
}

fn said(stage: Stage<'_>) -> String {
    match stage {
        Stage::Preparing(module) => format!("preparing {module}"),
        Stage::Running(Progress { step, steps, name, fuel }) => {
            let step = if *steps > 1 { format!(", step {} of {steps}", step + 1) } else { String::new() };
            // A machine that does not count says 0.
            let fuel = if *fuel > 0 { format!(", {} fuel", visible::fuel(*fuel)) } else { String::new() };
            format!("running {name}{step}{fuel}")
        }
    }
}
