//! Requests run for a person who waits: progress on the console, Ctrl-C heard.
//!
//! One for all runs of a command: it holds the machine with what it has compiled, and hears Ctrl-C once.

use engine::machine::Machine;
use engine::report::Report;
use engine::request::RunRequest;
use engine::run::Modules;
use engine::visible::{fuel, visible};

use super::Console;
use crate::interrupt::Interrupt;
use crate::machines::Engine;
use crate::{Failure, runner};

/// A machine, and Ctrl-C.
pub(crate) struct Execution {
    machine: Box<dyn Machine>,
    interrupt: Interrupt,
}

impl Execution {
    /// Makes the machine and begins to hear.
    pub(crate) fn begin(engine: Engine) -> Result<Self, Failure> {
        Ok(Self { machine: engine.machine()?, interrupt: Interrupt::hear() })
    }

    /// Runs a request to its end, and tells how far it is.
    pub(crate) fn run(&self, request: &RunRequest, modules: &Modules, console: &mut Console) -> Report {
        runner::run(request, modules, self.machine.as_ref(), self.interrupt.signal(), |progress| {
            let step = match progress.steps {
                0 | 1 => String::new(),
                steps => format!(", step {} of {steps}", progress.step + 1),
            };
            console.progress(format!(
                "running {}{step}, {} fuel",
                visible(&progress.name),
                fuel(progress.fuel)
            ));
        })
    }
}
