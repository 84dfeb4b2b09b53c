//! The panels of a run's steps: what they printed, reported, changed and cost.
//!
//! Lists are cut where nobody reads on, and say so; the counts go on.

use engine::report::{FieldChange, KrmResult, Severity, StepReport, StepState};
use engine::visible::{bytes, fuel, millis, sentence, visible};
use engine::words;
use serde_json::{Value as Json, json};

use super::Sign;
use super::node::{attribute, chip, node, printed, put, table, text};
use crate::protocol::Mark;

/// How many results, and how many changes of a step, are listed: a table of more is not read, and slow.
const RESULTS: usize = 500;
const CHANGES: usize = 200;

/// Whether a step has something to say.
pub(super) fn speaks(step: &StepReport) -> bool {
    !step.stderr.is_empty() || !step.stdout.is_empty() || !step.notes.is_empty()
}

/// What the steps printed, and the host's notes.
pub(super) fn logs(steps: &[StepReport]) -> Json {
    let logs =
        steps.iter().enumerate().filter(|(_, step)| speaks(step)).map(|(index, step)| log(index, step));
    let logs: Vec<Json> = logs.collect();
    if logs.is_empty() { "Nothing was printed.".into() } else { node("div", "", logs) }
}

fn log(index: usize, step: &StepReport) -> Json {
    let outcome = step.outcome.as_ref().map(|outcome| sentence(&outcome.message)).unwrap_or_default();
    let name = text("span", "", &format!("{} {}", index + 1, visible(&step.name)));
    let head = node("h3", "", vec![name, text("small", "", &visible(&outcome))]);
    let notes = step.notes.iter().map(|note| text("li", "", &visible(&sentence(note))));
    let dropped =
        format!("{} more bytes were printed and dropped at the limit.", words::grouped(step.stderr_dropped));
    let dropped = Some(text("p", "hint", &dropped)).filter(|_| step.stderr_dropped > 0);
    let stream = |name, words: &str| if words.is_empty() { Vec::new() } else { printed(name, words) };
    let mut all = vec![head, node("ul", "log__notes", notes.collect())];
    all.extend(
        stream("stderr", &step.stderr).into_iter().chain(dropped).chain(stream("stdout", &step.stdout)),
    );
    let mut log = node("section", "log", all);
    attribute(&mut log, "data-state", if step.state == StepState::Failed { "failed" } else { "done" });
    log
}

/// What the steps reported, each result leading to its place.
pub(super) fn results(steps: &[StepReport]) -> Json {
    let all = || steps.iter().flat_map(|step| step.results.iter().map(move |result| (step, result)));
    let rows: Vec<Vec<Json>> = all().take(RESULTS).map(|(step, result)| row(&step.name, result)).collect();
    if rows.is_empty() {
        return "The functions reported nothing.".into();
    }
    let listed = table("", &["Severity", "Message", "Where", "Step"], rows);
    node("div", "table", std::iter::once(listed).chain(rest(all().count(), RESULTS)).collect())
}

fn rest(count: usize, listed: usize) -> Option<Json> {
    let more = count.saturating_sub(listed) as u64;
    (more > 0).then(|| text("p", "hint", &format!("and {} more", words::grouped(more))))
}

fn row(step: &str, result: &KrmResult) -> Vec<Json> {
    let resource = result.resource.as_ref().map(|r| format!("{}/{}", r.kind, r.name)).unwrap_or_default();
    let place = result.place.as_ref().filter(|place| place.line > 0);
    let mut words = format!("{resource} {}", result.field).trim().to_owned();
    if let Some(place) = place.filter(|_| words.is_empty()) {
        words = format!("{}:{}", place.file, place.line);
    }
    let mut where_to = text(if place.is_some() { "button" } else { "span" }, "", &visible(&words));
    if let Some(place) = place {
        attribute(&mut where_to, "class", "jump");
        attribute(&mut where_to, "type", "button");
        put(&mut where_to, "act", json!({"file": place.file, "line": place.line, "column": place.column}));
    }
    let values = match (&result.current, &result.proposed) {
        (Some(current), Some(proposed)) => format!("is {current}, should be {proposed}"),
        (None, Some(proposed)) => format!("should be {proposed}"),
        (Some(current), None) => format!("is {current}"),
        (None, None) => String::new(),
    };
    let (tone, word) = severity(result.severity);
    let message = vec![text("span", "wrap", &visible(&result.message)), text("small", "", &visible(&values))];
    vec![chip(&Sign::new(tone, word)), message.into(), where_to, visible(step).into()]
}

fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("bad", "error"),
        Severity::Warning => ("warn", "warning"),
        Severity::Info => ("info", "info"),
    }
}

/// The places of the results, for the editor.
pub(super) fn marks(steps: &[StepReport]) -> Vec<Mark> {
    let results = steps.iter().flat_map(|step| &step.results);
    let mark = |result: &KrmResult| {
        let place = result.place.as_ref()?;
        let (file, severity) = (place.file.clone(), severity(result.severity).1.to_owned());
        Some(Mark {
            file,
            line: place.line,
            column: place.column,
            severity,
            message: visible(&result.message),
        })
    };
    results.filter_map(mark).collect()
}

/// What a step changed, field by field; null where that is nothing.
pub(super) fn changes(step: &StepReport) -> Json {
    if step.change_count == 0 {
        return Json::Null;
    }
    let code = |value: &str| text("code", "", &visible(value));
    let row = |change: &FieldChange| {
        let value = |text: &Option<String>| code(text.as_deref().unwrap_or_default());
        let resource = visible(&format!("{}/{}", change.resource.kind, change.resource.name));
        vec![resource.into(), code(&change.path), value(&change.before), value(&change.after)]
    };
    let rows = step.changes.iter().take(CHANGES).map(row).collect();
    let caption = format!("{} changed by this step", words::count(step.change_count, "field"));
    let listed = table(&caption, &["Resource", "Field", "Before", "After"], rows);
    let count = usize::try_from(step.change_count).unwrap_or(usize::MAX);
    node("div", "table", std::iter::once(listed).chain(rest(count, CHANGES)).collect())
}

/// What the steps cost.
pub(super) fn cost(steps: &[StepReport], signs: &[Sign]) -> Json {
    let most = steps.iter().map(|step| step.fuel).max().unwrap_or(0).max(1);
    let rows = steps.iter().zip(signs).map(|(step, sign)| cost_of(step, sign, most)).collect();
    let calls = steps.iter().flat_map(|step| step.host_calls.iter().map(move |call| (step, call)));
    let calls = calls.map(|(step, call)| {
        let function = text("code", "", &visible(&call.function));
        vec![
            visible(&step.name).into(),
            function,
            words::grouped(call.count).into(),
            bytes(call.bytes).into(),
        ]
    });
    let hint = "Fuel counts the machine's instructions: the same run uses the same fuel on every computer. Time does not repeat.";
    node(
        "div",
        "table",
        vec![
            table("", &["Step", "#Fuel", "#Time", "#Memory", "#In → out"], rows),
            table("Host calls", &["Step", "Function", "#Calls", "#Copied"], calls.collect()),
            text("p", "hint", hint),
        ],
    )
}

fn cost_of(step: &StepReport, sign: &Sign, most: u64) -> Vec<Json> {
    let mut meter = node("meter", "", Vec::new());
    for (name, value) in [("min", 0), ("max", most), ("value", step.fuel)] {
        attribute(&mut meter, name, &value.to_string());
    }
    attribute(&mut meter, "aria-label", "Share of the fuel");
    let name = vec![text("span", "", &visible(&step.name)), text("small", "", &sign.word), meter];
    let ran = matches!(step.state, StepState::Done | StepState::Failed);
    let figures = [
        fuel(step.fuel),
        millis(step.millis),
        bytes(step.memory_bytes),
        format!("{} → {}", step.items_in, step.items_out),
    ];
    let figures = figures.into_iter().map(|figure| if ran { figure.into() } else { "".into() });
    std::iter::once(name.into()).chain(figures).collect()
}
