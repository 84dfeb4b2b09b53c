//! Runs in turns, and what they come to: medians, extremes, ratios.
//!
//! It leaves no sample out.

use std::time::Instant;

use engine::machine::Machine;
use engine::report::{Limit, OutcomeKind, Report};
use engine::request::RunRequest;
use engine::run::Modules;
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::cli::Console;
use crate::runner::{self, StopSignal};

/// One subject on one engine.
pub(super) struct Column {
    name: String,
    request: RunRequest,
    modules: Modules,
    machine: Box<dyn Machine>,
    /// Milliseconds of every run, the unmeasured ones first.
    samples: Vec<f64>,
    last: Option<Report>,
}

impl Column {
    pub(super) fn new(
        name: String,
        request: RunRequest,
        modules: Modules,
        machine: Box<dyn Machine>,
    ) -> Self {
        Self { name, request, modules, machine, samples: Vec::new(), last: None }
    }

    /// Runs once; false when Stop was heard.
    fn sample(&mut self, stop: &StopSignal, on_progress: impl FnMut()) -> bool {
        let mut on_progress = on_progress;
        let began = Instant::now();
        let report =
            runner::run(&self.request, &self.modules, self.machine.as_ref(), stop, |_| on_progress());
        self.samples.push(began.elapsed().as_secs_f64() * 1_000.0);
        let is_stopped = report.outcome.limit == Some(Limit::Person);
        self.last = Some(report);
        !is_stopped
    }
}

/// Warms up and measures, in turns; false when Stop was heard.
pub(super) fn all(
    columns: &mut [Column],
    warm_up: u32,
    runs: u32,
    stop: &StopSignal,
    console: &mut Console,
) -> bool {
    for turn in 0..warm_up + runs {
        for column in &mut *columns {
            let said = match turn.checked_sub(warm_up) {
                None => format!("warming up: {}", column.name),
                Some(turn) => format!("run {} of {runs}: {}", turn + 1, column.name),
            };
            console.progress(&said);
            if !column.sample(stop, || console.progress(&said)) {
                return false;
            }
            // It will end no differently the next time.
            if column.never_began() {
                return true;
            }
        }
    }
    true
}

impl Column {
    fn never_began(&self) -> bool {
        let kind = self.last.as_ref().map(|report| report.outcome.kind);
        matches!(kind, Some(OutcomeKind::Invalid | OutcomeKind::Internal))
    }
}

/// What was measured, as it is printed, saved and compared. Fields may be added, never changed or removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figures {
    /// 1.
    pub(super) version: u32,
    /// How often each was measured.
    pub(super) runs: u32,
    /// In the order in which they were named.
    pub(super) columns: Vec<Figure>,
}

/// What one column came to. Times are milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figure {
    pub(super) name: String,
    /// How the last run ended.
    pub(super) outcome: OutcomeKind,
    pub(super) message: String,
    /// The very first run, with compiling.
    pub(super) first_millis: f64,
    pub(super) median_millis: f64,
    pub(super) fastest_millis: f64,
    pub(super) slowest_millis: f64,
    /// Of medians, to the first column.
    pub(super) ratio: f64,
    /// In the engine's own units.
    pub(super) fuel: u64,
    pub(super) memory_bytes: u64,
}

impl Figures {
    /// What the columns came to.
    ///
    /// # Errors
    /// When a run never began: there is nothing to measure.
    pub(super) fn of(columns: &[Column], runs: u32) -> Result<Self, Failure> {
        let mut figures: Vec<Figure> = Vec::new();
        for column in columns {
            if column.never_began()
                && let Some(report) = &column.last
            {
                let failure = Failure::new(format!("{}: {}", column.name, report.outcome.message));
                return Err(Failure { hint: report.outcome.hint.clone(), ..failure });
            }
            let first = figures.first().map(|figure| figure.median_millis);
            figures.extend(Figure::of(column, runs, first));
        }
        Ok(Self { version: 1, runs, columns: figures })
    }

    /// Whether all ended in the way that the first one did.
    pub(super) fn all_end_alike(&self) -> bool {
        let mut outcomes = self.columns.iter().map(|figure| figure.outcome);
        let first = outcomes.next();
        outcomes.all(|outcome| Some(outcome) == first)
    }
}

impl Figure {
    fn of(column: &Column, runs: u32, first_median: Option<f64>) -> Option<Self> {
        let report = column.last.as_ref()?;
        let measured = column.samples.len().saturating_sub(usize::try_from(runs).ok()?);
        let mut sorted = column.samples.get(measured..)?.to_vec();
        sorted.sort_by(f64::total_cmp);
        let median = median(&sorted)?;
        Some(Self {
            name: column.name.clone(),
            outcome: report.outcome.kind,
            message: report.outcome.message.clone(),
            first_millis: *column.samples.first()?,
            median_millis: median,
            fastest_millis: *sorted.first()?,
            slowest_millis: *sorted.last()?,
            ratio: ratio(median, first_median.unwrap_or(median)),
            fuel: report.fuel,
            memory_bytes: report.memory_bytes,
        })
    }
}

/// Of sorted numbers; of an even count, between the two in the middle.
fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(*sorted.get(sorted.len() / 2 - 1)?, upper))
}

/// How many times as long; 1 where nothing was long enough to be measured.
fn ratio(one: f64, other: f64) -> f64 {
    if other > 0.0 { one / other } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_stand_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[1.0, 2.0]), Some(1.5));
        assert_eq!(median(&[1.0, 2.0, 9.0]), Some(2.0));
    }

    #[test]
    fn a_ratio_is_always_a_number() {
        assert_eq!(ratio(3.0, 2.0).to_bits(), 1.5_f64.to_bits());
        assert_eq!(ratio(3.0, 0.0).to_bits(), 1.0_f64.to_bits());
    }
}
