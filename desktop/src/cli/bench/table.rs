//! The figures side by side: a line for each column, times in milliseconds.

use engine::visible::{bytes, fuel, visible};

use super::measure::{Figure, Figures};
use crate::cli::Console;
use crate::cli::console::{tone, toned};

pub(super) fn print(figures: &Figures, console: &mut Console) {
    let head = format!(
        "{:>10} {:>10} {:>10} {:>10} {:>7}  {:>9} {:>10}  {}",
        "median ms", "fastest", "slowest", "first", "ratio", "fuel", "memory", ""
    );
    console.line(toned(tone::QUIET, head.trim_end()));
    figures.columns.iter().for_each(|figure| console.line(line(figure)));
    let alike = figures.all_end_alike();
    for figure in figures.columns.iter().filter(|_| !alike) {
        console.line(format!("{}: {}", visible(&figure.name), visible(&figure.message)));
    }
    if !alike {
        console.line(toned(tone::BAD, "the runs ended in different ways: they are not the same work"));
    }
}

fn line(figure: &Figure) -> String {
    format!(
        "{:>10.2} {:>10.2} {:>10.2} {:>10.2} {:>7.2}  {:>9} {:>10}  {}",
        figure.median_millis,
        figure.fastest_millis,
        figure.slowest_millis,
        figure.first_millis,
        figure.ratio,
        fuel(figure.fuel),
        bytes(figure.memory_bytes),
        visible(&figure.name),
    )
}
