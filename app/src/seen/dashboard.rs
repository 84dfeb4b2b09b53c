//! What a dashboard plugin answered, as the page shows it: its answers, its routes, and what it stored.
//!
//! Bodies are text, whatever their media type says.

use engine::report::{AnswerReport, DashboardReport, ManifestFacts, RouteReport, StoredValue};
use engine::request::PackagedFile;
use engine::visible::{bytes, fuel, millis, sentence};
use serde_json::{Map, Value as Json, json};

use super::{Act, Group, Lane, Row, Sheet, Sign, of_status, pretty, shown};

/// The sheet of a dashboard plugin.
pub(super) fn answers(report: &DashboardReport) -> Sheet {
    let groups = [
        group("Answers", report.answer_count, report.answers.iter().map(answer).collect()),
        group("Routes", report.routes.len() as u64, report.routes.iter().map(route).collect()),
        group("Not run", report.assets.len() as u64, report.assets.iter().map(asset).collect()),
        group("Stored", report.stored.len() as u64, stored(&report.stored)),
    ];
    let groups = groups.into_iter().filter(|group| !group.rows.is_empty()).collect();
    let mut facts = report.manifest.as_ref().map(facts).unwrap_or_default();
    facts.extend(shown([
        ("Warnings", report.warnings.join("\n")),
        ("Log of the start", report.logs.join("\n")),
    ]));
    Sheet { facts, groups }
}

fn group(name: &str, count: u64, rows: Vec<Row>) -> Group {
    Group {
        lane: Lane { name: name.into(), sign: Sign::new("none", &count.to_string()), ..Lane::default() },
        rows,
    }
}

fn facts(manifest: &ManifestFacts) -> Vec<(String, String)> {
    let settings = manifest.settings.iter().map(|it| format!("{} = {}", it.name, it.default));
    let form = if manifest.is_flat { ", in the older flat form" } else { "" };
    shown([
        ("Plugin", format!("{} {}{form}", manifest.name, manifest.version)),
        ("Author", manifest.author.clone()),
        ("For", manifest.description.clone()),
        ("Asks to be allowed", manifest.permissions.join(", ")),
        ("Settings", settings.collect::<Vec<_>>().join("\n")),
        ("Front end, not run", manifest.components.join(", ")),
    ])
}

fn answer(answer: &AnswerReport) -> Row {
    let text = |bytes: &engine::bytes::Bytes| String::from_utf8_lossy(&bytes.0).into_owned();
    Row {
        sign: answer.status.map_or_else(|| Sign::new("warn", "no answer"), of_status),
        name: format!("{} {}", answer.method, answer.path),
        message: sentence(&answer.error),
        cost: format!(
            "{} · {} · {} fuel",
            bytes(answer.body_bytes),
            millis(answer.millis),
            fuel(answer.fuel)
        ),
        texts: shown([
            ("Body", pretty(&text(&answer.body))),
            ("Answered by", answer.handler.clone()),
            ("Log", answer.logs.join("\n")),
            ("stdout", text(&answer.stdout)),
            ("stderr", text(&answer.stderr)),
        ]),
        ..Row::default()
    }
}

fn route(route: &RouteReport) -> Row {
    let value = json!({"method": route.method, "path": route.path});
    let ask = Act { label: "Ask it".into(), place: "requests".into(), value, whole: false };
    let is_whole = route.trouble.is_empty();
    Row {
        sign: if is_whole { Sign::new("none", "mounted") } else { Sign::new("warn", "not answered") },
        name: format!("{} {}", route.method, route.path),
        message: sentence(&route.trouble),
        texts: shown([("Answered by", route.handler.clone())]),
        acts: vec![ask],
        ..Row::default()
    }
}

/// A file of the package.
fn asset(file: &PackagedFile) -> Row {
    Row {
        sign: Sign::new("none", "listed"),
        name: file.path.clone(),
        cost: bytes(file.bytes),
        ..Row::default()
    }
}

/// What is stored; a click keeps all of it for the next run.
fn stored(values: &[StoredValue]) -> Vec<Row> {
    let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Json::from(text));
    let all: Map<String, Json> = values.iter().map(|it| (it.key.clone(), json(&it.value))).collect();
    let keep = Act {
        label: "Keep all for the next run".into(),
        place: "storage".into(),
        value: all.into(),
        whole: true,
    };
    let row = |value: &StoredValue| Row {
        sign: Sign::new("none", "stored"),
        name: value.key.clone(),
        cost: bytes(value.bytes),
        texts: shown([("Value", pretty(&value.value))]),
        acts: vec![keep.clone()],
        ..Row::default()
    };
    values.iter().map(row).collect()
}
