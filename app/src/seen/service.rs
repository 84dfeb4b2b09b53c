//! What a service offers and what it answered, as the page shows it.
//!
//! Messages are JSON where a `.proto` describes them, and single fields otherwise.

use engine::report::{CallReport, CallState, FoundMethod, FoundService, Message, ServiceReport};
use engine::visible::{bytes, fuel, millis, sentence};
use serde_json::json;

use super::{Act, Group, Lane, Row, Sheet, Sign, pretty, shown};

/// The sheet of a service.
pub(super) fn answers(report: &ServiceReport) -> Sheet {
    let mut groups = vec![group("Answers", report.calls.iter().map(call).collect())];
    groups.extend(report.services.iter().map(service));
    groups.retain(|group| !group.rows.is_empty());
    let facts = shown([
        ("stdout at the start", text(&report.stdout)),
        ("stderr at the start", text(&report.stderr)),
        ("Instances", report.instances.to_string()),
    ]);
    Sheet { facts, groups }
}

fn group(name: &str, rows: Vec<Row>) -> Group {
    let sign = Sign::new("none", &rows.len().to_string());
    Group { lane: Lane { name: name.into(), sign, ..Lane::default() }, rows }
}

fn text(bytes: &engine::bytes::Bytes) -> String {
    String::from_utf8_lossy(&bytes.0).into_owned()
}

fn call(call: &CallReport) -> Row {
    let (tone, word) = match call.state {
        CallState::NotReached => ("none", "not reached"),
        CallState::Returned => ("good", "returned"),
        CallState::Failed => ("bad", "error"),
        CallState::Trapped => ("bad", "trapped"),
        CallState::Malformed => ("bad", "malformed"),
        CallState::Stopped => ("warn", "stopped"),
    };
    Row {
        sign: Sign::new(tone, word),
        name: [call.service.as_str(), call.method.as_str()].join(".").trim_start_matches('.').to_owned(),
        message: sentence(&call.error),
        cost: format!("{} · {} · {} fuel", bytes(call.reply.bytes), millis(call.millis), fuel(call.fuel)),
        texts: shown([
            ("Sent", message(&call.request)),
            ("Returned", message(&call.reply)),
            ("Export", call.export.clone()),
            ("stdout", text(&call.stdout)),
            ("stderr", text(&call.stderr)),
        ]),
        ..Row::default()
    }
}

/// What a message says, and its bytes where nothing describes them.
fn message(message: &Message) -> String {
    match &message.json {
        Some(json) => pretty(&json.to_string()),
        None if message.tree.is_empty() => message.base64.clone(),
        None => message.tree.clone(),
    }
}

/// A service with its methods, each of which can be called.
fn service(service: &FoundService) -> Group {
    let guess = if service.is_guess { ", a guess from its exports" } else { "" };
    let version = service.version.map(|version| format!(", version {version}")).unwrap_or_default();
    let rows = service.methods.iter().map(method).collect();
    group(&format!("{}{version}{guess}", service.name), rows)
}

fn method(method: &FoundMethod) -> Row {
    let value = json!({"method": method.name, "message": {}});
    let call = Act { label: "Call it".into(), place: "calls".into(), value, whole: false };
    Row {
        sign: Sign::new("none", "offered"),
        name: method.name.clone(),
        message: [method.request.as_str(), method.reply.as_str()]
            .join(" → ")
            .trim_matches([' ', '→'])
            .to_owned(),
        texts: shown([("Export", method.export.clone())]),
        acts: vec![call],
        ..Row::default()
    }
}
