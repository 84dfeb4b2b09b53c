//! The requests of a run, answered one after the other: by the plugin where one of its routes is met, else by the
//! server.
//!
//! A request that fails does not end the others, unless a limit ended it.

use super::answers::Answers;
use super::live::{Failure, Live};
use super::server::{self, Answer, Reply, Server};
use crate::abi::kubestellar::routes::Mounted;
use crate::ending;
use crate::report::{AnswerReport, DashboardReport, Limit, Outcome, OutcomeKind};
use crate::request::{DashboardPlugin, DashboardRequest};
use crate::run::{Pace, Progress};
use crate::words;

/// After so many requests a pause, at the latest: in a page it takes a moment.
const BETWEEN_PAUSES: usize = 32;

/// A run's requests.
pub(super) struct Serving<'a, 'b> {
    plugin: &'a DashboardPlugin,
    server: Server<'a>,
    live: &'b mut Live<'a>,
    answers: Answers,
    progress: Progress,
    /// The first thing that went wrong.
    trouble: Option<Outcome>,
}

impl<'a, 'b> Serving<'a, 'b> {
    pub(super) fn new(plugin: &'a DashboardPlugin, server: Server<'a>, live: &'b mut Live<'a>) -> Self {
        let progress = Progress { steps: 1, name: server.facts.name.clone(), ..Progress::default() };
        Self { plugin, server, live, answers: Answers::default(), progress, trouble: None }
    }

    /// Sets the plugin up and answers all requests. Gives what the run came to: the first thing that went wrong, or how
    /// many were answered.
    pub(super) async fn run(mut self, pace: &mut impl Pace, done: &mut DashboardReport) -> Outcome {
        let ready = self.live.ready((&mut *pace, &mut self.progress)).await;
        done.logs = self.live.take_logs();
        if let Err(failure) = ready {
            return self.said(*failure.outcome);
        }
        for (index, asked) in self.plugin.requests.iter().enumerate() {
            self.progress.fuel = self.live.fuel();
            let limit = match index % BETWEEN_PAUSES {
                0 => pace.pause(&self.progress).await,
                _ => None,
            };
            if let Some(limit) = limit {
                self.trouble = Some(self.said(stopped(limit)));
                break;
            }
            if self.answer(asked, pace).await {
                break;
            }
        }
        let finished = self.answers.summary(&self.server.facts.name);
        (done.answers, done.answer_count) = self.answers.listed();
        self.trouble.unwrap_or_else(|| Outcome::new(OutcomeKind::Finished, finished))
    }

    /// Answers a request. True when that was the last.
    async fn answer(&mut self, asked: &DashboardRequest, pace: &mut impl Pace) -> bool {
        let path = server::whole(self.plugin.id, &asked.path);
        let mut answer = Answers::begin(asked, &path, self.live.fuel(), pace.millis());
        let mut is_end = false;
        let route = match self.server.reply(asked, &path) {
            Reply::Plugin(route) => route.clone(),
            Reply::Server(given) => {
                self.give(&mut answer, &given, pace);
                self.answers.end(answer, self.live, pace.millis());
                return false;
            }
        };
        match self.call(&route, asked, pace).await {
            Ok(body) => {
                self.answers.give(&mut answer, 200, "application/json", &body);
                keep(body, pace);
            }
            Err(failure) => {
                is_end = failure.is_end;
                self.fails(&mut answer, failure, pace);
            }
        }
        answer.route = route.path;
        answer.handler = route.handler;
        self.answers.end(answer, self.live, pace.millis());
        is_end
    }

    async fn call(
        &mut self,
        route: &Mounted,
        asked: &DashboardRequest,
        pace: &mut impl Pace,
    ) -> Result<Vec<u8>, Failure> {
        self.live.ready((&mut *pace, &mut self.progress)).await?;
        self.live.answer(&route.handler, &asked.body.0, (pace, &mut self.progress)).await
    }

    fn give(&mut self, answer: &mut AnswerReport, given: &Answer, pace: &mut impl Pace) {
        if !given.note.is_empty() {
            self.live.note(given.note.clone());
        }
        self.answers.give(answer, given.status, given.content_type, &given.body);
        keep(given.body.clone(), pace);
    }

    /// Notes that the plugin did not answer. Where the run goes on, the dashboard is told.
    fn fails(&mut self, answer: &mut AnswerReport, failure: Failure, pace: &mut impl Pace) {
        answer.error.clone_from(&failure.outcome.message);
        if !failure.is_end {
            self.give(answer, &server::error(500, &failure.told), pace);
        }
        let asked = format!("{} {}", answer.method, words::sentence(&answer.path));
        let outcome = self.said(*failure.outcome);
        let message = format!("`{asked}`: {}", outcome.message);
        self.trouble.get_or_insert(Outcome { message, ..outcome });
    }

    /// An outcome with its subject.
    fn said(&self, outcome: Outcome) -> Outcome {
        Outcome { message: format!("`{}` {}", self.plugin.module, outcome.message), ..outcome }
    }
}

/// Keeps a body whole, where the runner wants it.
fn keep(body: Vec<u8>, pace: &mut impl Pace) {
    if let Some(kept) = pace.kept() {
        kept.bodies.push(body);
    }
}

/// A limit that the runner watches, met between two requests.
fn stopped(limit: Limit) -> Outcome {
    let cause = match limit {
        Limit::Person => "was stopped: stopped by you",
        _ => "was stopped: the time limit was reached",
    };
    ending::stopped_by(Outcome::new(OutcomeKind::Stopped, cause), limit)
}
