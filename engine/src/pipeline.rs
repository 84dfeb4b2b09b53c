//! KRM functions in a row: each step's guest is run, and what came back is taken or refused by
//! [`crate::abi::krm`].
//!
//! A failing step ends the pipeline; nothing of a failed pipeline is written, and everything that was printed
//! is kept.

mod step;

use crate::abi::krm::Package;
use crate::machine::Machine;
use crate::module::Module;
use crate::report::{
    FileReport, FileState, MAX_STEP_FILE_BYTES, Outcome, OutcomeKind, Report, StepReport, StepState,
};
use crate::request::{Budget, Pipeline, PipelineStep, RunRequest};
use crate::run::{Modules, Pace, Progress, check_version};
use crate::words;

/// Runs every step that is switched on.
pub(crate) async fn run(
    request: &RunRequest,
    pipeline: &Pipeline,
    modules: &Modules,
    machine: &dyn Machine,
    pace: &mut impl Pace,
) -> Report {
    let mut run = Run {
        request,
        modules,
        machine,
        progress: Progress { steps: pipeline.steps.len(), ..Progress::default() },
        steps: Vec::new(),
        memory: 0,
        file_bytes: 0,
        slept_ms: 0,
    };
    let (outcome, files) = match run.all(pipeline, pace).await {
        Ok(package) => {
            let files = package.files();
            (finished(&run.steps, &files), files)
        }
        Err(outcome) => (outcome, inputs(pipeline)),
    };
    run.list_rest(pipeline);
    Report {
        steps: run.steps,
        files,
        fuel: run.progress.fuel,
        memory_bytes: run.memory,
        millis: pace.millis(),
        ..Report::begin(request, machine, outcome)
    }
}

struct Run<'a> {
    request: &'a RunRequest,
    modules: &'a Modules,
    machine: &'a dyn Machine,
    progress: Progress,
    steps: Vec<StepReport>,
    memory: u64,
    file_bytes: usize,
    slept_ms: u64,
}

impl Run<'_> {
    async fn all(&mut self, pipeline: &Pipeline, pace: &mut impl Pace) -> Result<Package, Outcome> {
        check_version(self.request)?;
        let loaded = self.load(pipeline)?;
        let mut package = Package::load(&pipeline.files)?;
        for ((index, step), module) in pipeline.steps.iter().enumerate().zip(loaded) {
            let Some(module) = module else {
                self.steps.push(StepReport::idle(step, StepState::Off));
                continue;
            };
            self.progress.step = index;
            self.progress.name = step.title().to_owned();
            if let Some(limit) = pace.pause(&self.progress).await {
                return Err(step::stopped_before(limit, step));
            }
            self.step(index, step, &module, &mut package, pace).await?;
        }
        Ok(package)
    }

    /// Looks into every module before the first step runs: a pipeline that cannot run whole does not begin.
    fn load(&self, pipeline: &Pipeline) -> Result<Vec<Option<Module>>, Outcome> {
        pipeline
            .steps
            .iter()
            .map(|step| if step.off { Ok(None) } else { step::load(step, self.modules).map(Some) })
            .collect()
    }

    async fn step(
        &mut self,
        index: usize,
        step: &PipelineStep,
        module: &Module,
        package: &mut Package,
        pace: &mut impl Pace,
    ) -> Result<(), Outcome> {
        let began = pace.millis();
        let budget = Budget {
            fuel: self.request.budget.fuel.saturating_sub(self.progress.fuel),
            ..self.request.budget
        };
        let before = package.clone();
        let request = package.request(step, index)?;
        let mut report = StepReport::idle(step, StepState::Done);
        report.digest.clone_from(&module.info.digest);
        report.items_in = request.items;
        let world = (&budget, &self.request.world);
        let ended = step::guest(
            step,
            module,
            (&request.stdin, self.slept_ms, &self.request.deny),
            world,
            self.machine,
            (pace, &mut self.progress),
        )
        .await;
        let outcome = match ended {
            Err(outcome) => Some(outcome),
            Ok(ended) => {
                self.slept_ms += ended.slept_ms;
                step::settle((index, step), package, request, ended, &mut report).err()
            }
        };
        report.millis = pace.millis() - began;
        self.memory = self.memory.max(report.memory_bytes);
        if outcome.is_some() {
            report.state = StepState::Failed;
        } else {
            self.keep_files(&before, package, &mut report);
        }
        report.outcome = Some(outcome.clone().unwrap_or_else(|| step::done(&report)));
        self.steps.push(report);
        outcome.map_or(Ok(()), Err)
    }

    /// Keeps the files that a step changed, while the report stays small enough to send.
    fn keep_files(&mut self, before: &Package, after: &Package, report: &mut StepReport) {
        if self.file_bytes > MAX_STEP_FILE_BYTES {
            return;
        }
        let files = after.changed_since(before);
        self.file_bytes += files.iter().map(|file| file.text.len()).sum::<usize>();
        if self.file_bytes <= MAX_STEP_FILE_BYTES {
            report.files = files;
        }
    }

    /// Lists the steps behind the one that ended the run.
    fn list_rest(&mut self, pipeline: &Pipeline) {
        let state = |step: &PipelineStep| if step.off { StepState::Off } else { StepState::NotReached };
        let rest = pipeline.steps.iter().skip(self.steps.len());
        self.steps.extend(rest.map(|step| StepReport::idle(step, state(step))));
    }
}

/// A failed pipeline writes nothing: the files are as they came.
fn inputs(pipeline: &Pipeline) -> Vec<FileReport> {
    let unchanged = |file: &crate::request::File| FileReport {
        path: file.path.clone(),
        state: FileState::Unchanged,
        text: file.text.clone(),
        resources: 0,
    };
    pipeline.files.iter().map(unchanged).collect()
}

/// `3 functions finished, 6 fields changed in 3 of 3 files`.
fn finished(steps: &[StepReport], files: &[FileReport]) -> Outcome {
    let done = steps.iter().filter(|step| step.state == StepState::Done).count() as u64;
    let changes: u64 = steps.iter().map(|step| step.change_count).sum();
    let touched = files.iter().filter(|file| file.state != FileState::Unchanged).count() as u64;
    let removed = files.iter().filter(|file| file.state == FileState::Removed).count() as u64;
    let message = match (done, changes) {
        (0, _) => "no step is switched on, so nothing ran".to_owned(),
        (_, 0) => format!("{} finished, nothing changed", words::count(done, "function")),
        _ => format!(
            "{} finished, {} changed in {} of {}",
            words::count(done, "function"),
            words::count(changes, "field"),
            words::grouped(touched),
            words::count(files.len() as u64, "file"),
        ),
    };
    let outcome = Outcome::new(OutcomeKind::Finished, message);
    match removed {
        0 => outcome,
        _ => outcome.with_hint(format!(
            "{} would be deleted: they hold no resource any more; the step's notes name them",
            words::count(removed, "file")
        )),
    }
}
