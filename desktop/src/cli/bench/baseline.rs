//! Figures that were saved, and how today's compare with them.
//!
//! It compares columns of the same name only, and passes over none without saying so.

use std::path::Path;

use super::measure::{Figure, Figures};
use crate::{Failure, files};

/// The largest file of figures that is read: a thousand columns have less.
const MAX_BYTES: usize = 1 << 20;

/// Figures that were saved.
pub(super) struct Baseline {
    name: String,
    figures: Figures,
}

/// How one column compares.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) text: String,
    /// By more than was allowed.
    pub(super) is_slower: bool,
}

/// Reads what `--save` wrote.
pub(super) fn read(path: &Path) -> Result<Baseline, Failure> {
    let name = path.display().to_string();
    let text = files::read_text(path, MAX_BYTES)?;
    let wrong = |cause: String| {
        Failure::new(format!("`{name}` holds no figures of this program: {cause}"))
            .with_hint("`drydock bench … --save FILE` writes such a file")
    };
    let figures: Figures = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    if figures.version != 1 {
        return Err(wrong(format!("it is of version {}, this Drydock reads version 1", figures.version)));
    }
    Ok(Baseline { name, figures })
}

impl Baseline {
    /// How each column compares, a sentence each.
    ///
    /// # Errors
    /// When no column stands in the baseline: a comparison that compares nothing must not succeed.
    pub(super) fn compare(&self, now: &Figures, percent: u32) -> Result<Vec<Comparison>, Failure> {
        let before = |figure: &Figure| self.figures.columns.iter().find(|known| known.name == figure.name);
        if now.columns.iter().all(|figure| before(figure).is_none()) {
            return Err(Failure::new(format!("`{}` knows none of what was measured", self.name))
                .with_hint("name the same files and engines as when it was saved"));
        }
        let line = |figure: &Figure| match before(figure) {
            Some(before) => compare(before, figure, percent),
            None => Comparison { text: format!("{}: not in the baseline", figure.name), is_slower: false },
        };
        Ok(now.columns.iter().map(line).collect())
    }
}

fn compare(before: &Figure, now: &Figure, percent: u32) -> Comparison {
    let allowed = before.median_millis * (1.0 + f64::from(percent) / 100.0);
    let is_slower = now.median_millis > allowed;
    let change = if before.median_millis > 0.0 {
        (now.median_millis / before.median_millis - 1.0) * 100.0
    } else {
        0.0
    };
    let verdict =
        if is_slower { format!("slower than the {percent} % allowed") } else { "within bounds".into() };
    let text = format!(
        "{}: {:.2} ms, was {:.2} ms ({change:+.0} %): {verdict}",
        now.name, now.median_millis, before.median_millis
    );
    Comparison { text, is_slower }
}

#[cfg(test)]
mod tests {
    use engine::report::OutcomeKind;

    use super::*;

    fn figures(name: &str, median_millis: f64) -> Figures {
        let figure = Figure {
            name: name.into(),
            outcome: OutcomeKind::Finished,
            message: String::new(),
            first_millis: 0.0,
            median_millis,
            fastest_millis: 0.0,
            slowest_millis: 0.0,
            ratio: 1.0,
            fuel: 0,
            memory_bytes: 0,
        };
        Figures { version: 1, runs: 1, columns: vec![figure] }
    }

    #[test]
    fn slower_than_allowed_is_said() {
        let baseline = Baseline { name: "b.json".into(), figures: figures("a", 10.0) };
        for (now, percent, is_slower, text) in [
            (12.0, 20, false, "a: 12.00 ms, was 10.00 ms (+20 %): within bounds"),
            (12.1, 20, true, "a: 12.10 ms, was 10.00 ms (+21 %): slower than the 20 % allowed"),
            (5.0, 0, false, "a: 5.00 ms, was 10.00 ms (-50 %): within bounds"),
        ] {
            let lines = baseline.compare(&figures("a", now), percent).unwrap();
            assert_eq!(lines, [Comparison { text: text.into(), is_slower }]);
        }
    }

    #[test]
    fn a_baseline_of_something_else_is_refused() {
        let baseline = Baseline { name: "b.json".into(), figures: figures("a", 10.0) };
        let failure = baseline.compare(&figures("b", 1.0), 20).unwrap_err();
        assert_eq!(failure.message, "`b.json` knows none of what was measured");
    }
}
