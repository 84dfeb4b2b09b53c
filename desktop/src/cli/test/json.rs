//! The same as JSON, for programs. Fields may be added, never changed or removed.

use serde_json::{Value, json};

use super::{CaseResult, Checked, Tested};

pub(super) fn write(tested: &Tested) -> String {
    let whole = json!({
        "version": 1,
        "engines": tested.engines,
        "cases": tested.cases().count(),
        "shortfalls": tested.shortfalls(),
        "unreadable": tested.unreadable(),
        "seconds": tested.seconds,
        "workspaces": tested.workspaces.iter().map(workspace).collect::<Vec<_>>(),
    });
    format!("{whole:#}")
}

fn workspace(checked: &Checked) -> Value {
    match &checked.cases {
        Ok(cases) => json!({ "path": checked.name, "cases": cases.iter().map(case).collect::<Vec<_>>() }),
        Err(failure) => json!({
            "path": checked.name,
            "error": { "message": failure.message, "hint": failure.hint },
            "cases": [],
        }),
    }
}

fn case(result: &CaseResult) -> Value {
    let runs: Vec<Value> = result
        .runs
        .iter()
        .map(|run| json!({ "engine": run.engine, "millis": run.millis, "shortfalls": run.shortfalls }))
        .collect();
    json!({
        "name": result.name,
        "holds": result.holds(),
        "runs": runs,
        "disagreements": result.disagreements,
    })
}
