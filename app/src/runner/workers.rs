//! The runner of the page: a worker for pipelines and questions, which starts with the page; one that has the gate, which
//! starts when the first API request is opened; and one for plugins, which starts with the first of them.
//!
//! Refuses to load the gate, or what plugins need, for anybody who runs none.

use super::worker::WorkerRunner;
use super::{Job, Question, RunEvent, Runner};
use crate::draft::{Draft, Kind};

/// The workers.
pub struct Workers {
    pipelines: WorkerRunner,
    gate: WorkerRunner,
    plugins: WorkerRunner,
}

impl Workers {
    /// Starts the first; the others wait.
    #[must_use]
    pub fn start() -> Self {
        Self {
            pipelines: WorkerRunner::start("worker_loader.js"),
            gate: WorkerRunner::later("gate_loader.js"),
            plugins: WorkerRunner::later("plugins_loader.js"),
        }
    }

    fn of(&self, draft: &Draft) -> &WorkerRunner {
        match draft.kind {
            Kind::Pipeline => &self.pipelines,
            Kind::Request => &self.gate,
            _ => &self.plugins,
        }
    }
}

impl Runner for Workers {
    fn machine(&self) -> String {
        self.pipelines.machine()
    }

    fn expect(&self, draft: &Draft) {
        self.of(draft).wake();
    }

    fn run(&self, job: Job, hear: Box<dyn Fn(RunEvent)>) {
        self.of(&job.asked.draft).run(job, hear);
    }

    fn stop(&self) {
        // Only one has something under way, and the others do not mind.
        for worker in [&self.pipelines, &self.gate, &self.plugins] {
            worker.stop();
        }
    }

    fn ask(&self, question: Question) {
        match question {
            Question::Configure(..) => self.gate.ask(question),
            Question::Unpack(..) => self.plugins.ask(question),
            // What a plugin may hold is known there, and what of it is a secret.
            Question::Write(_, ref draft, _) if draft.kind.is_plugin() => self.plugins.ask(question),
            _ => self.pipelines.ask(question),
        }
    }
}
