//! The runner of the page: a worker for pipelines and questions, which starts with the page, and one that has the
//! gate too, which starts when the first API request is opened.
//!
//! Refuses to load the gate for anybody who runs none.

use super::worker::WorkerRunner;
use super::{Job, Question, RunEvent, Runner};
use crate::draft::Draft;

/// The two workers.
pub struct Workers {
    pipelines: WorkerRunner,
    gate: WorkerRunner,
}

impl Workers {
    /// Starts the first; the other waits.
    #[must_use]
    pub fn start() -> Self {
        Self {
            pipelines: WorkerRunner::start("worker_loader.js"),
            gate: WorkerRunner::later("gate_loader.js"),
        }
    }
}

impl Runner for Workers {
    fn machine(&self) -> String {
        self.pipelines.machine()
    }

    fn expect(&self, draft: &Draft) {
        if draft.is_request {
            self.gate.wake();
        }
    }

    fn run(&self, job: Job, hear: Box<dyn Fn(RunEvent)>) {
        let runner = if job.asked.draft.is_request { &self.gate } else { &self.pipelines };
        runner.run(job, hear);
    }

    fn stop(&self) {
        // Only one has something under way, and the other does not mind.
        self.pipelines.stop();
        self.gate.stop();
    }

    fn ask(&self, question: Question) {
        match question {
            Question::Configure(..) => self.gate.ask(question),
            _ => self.pipelines.ask(question),
        }
    }
}
