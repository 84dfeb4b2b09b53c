//! `drydock bench`: figures side by side, saved and compared. No test says how fast anything is.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test needs a part of it")]
#[path = "process/real.rs"]
mod real;

use std::path::Path;

use real::{FAILS, SAME, folder, holds, run, workspace, write};
use serde_json::Value;

fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

#[test]
fn modules_stand_side_by_side() {
    let folder = folder("bench-modules");
    write(&folder, "a.wat", SAME);
    write(&folder, "b.wat", format!("{SAME}\n;; another\n"));
    write(&folder, "in.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n");
    let line = ["bench", "a.wat", "b.wat", "--input", "in.yaml", "--runs", "3", "--engine", "wasmi"];
    let (status, out, err) = run(&folder, &[&line[..], &["-o", "json"]].concat());
    assert_eq!(status, 0, "{err}");
    let figures: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(figures["runs"], 3);
    let columns = figures["columns"].as_array().unwrap();
    let names: Vec<&Value> = columns.iter().map(|column| &column["name"]).collect();
    assert_eq!(names, ["a.wat on wasmi", "b.wat on wasmi"]);
    for column in columns {
        assert_eq!(column["outcome"], "finished");
        let millis = |name: &str| column[name].as_f64().unwrap();
        assert!(millis("fastestMillis") <= millis("medianMillis"));
        assert!(millis("medianMillis") <= millis("slowestMillis"));
        assert!(millis("ratio") > 0.0 && column["fuel"].as_u64() > Some(0));
    }
    // The same work costs the same fuel, and the same bytes of memory.
    assert_eq!(columns[0]["fuel"], columns[1]["fuel"]);
    let (status, out, _) = run(&folder, &line);
    assert_eq!(status, 0);
    holds(&out, &["median ms", "ratio", "a.wat on wasmi", "b.wat on wasmi"]);
}

#[test]
fn a_baseline_is_saved_and_compared() {
    let folder = folder("bench-baseline");
    write(&folder, "drydock.yaml", workspace(SAME, ""));
    let bench =
        |more: &[&str]| run(&folder, &[&["bench", ".", "--runs", "2", "--engine", "wasmi"], more].concat());
    let (status, _, err) = bench(&["--save", "now.json"]);
    assert_eq!(status, 0, "{err}");
    let mut saved = json(&folder, "now.json");
    for (median, status, part) in [(1e9, 0, "within bounds"), (1e-9, 1, "slower than the 5 % allowed")] {
        saved["columns"][0]["medianMillis"] = median.into();
        write(&folder, "then.json", saved.to_string());
        let (ended, _, err) = bench(&["--baseline", "then.json", "--threshold", "5"]);
        assert_eq!(ended, status, "{err}");
        holds(&err, &[part, ". on wasmi"]);
    }
    saved["columns"][0]["name"] = "other".into();
    write(&folder, "other.json", saved.to_string());
    write(&folder, "broken.json", "{}");
    for (name, part) in [
        ("other.json", "`other.json` knows none of what was measured"),
        ("broken.json", "`broken.json` holds no figures of this program: missing field `version`"),
        ("gone.json", "`gone.json` does not exist"),
    ] {
        let (status, _, err) = bench(&["--baseline", name]);
        assert_eq!(status, 2, "{name}: {err}");
        holds(&err, &[part]);
    }
}

#[test]
fn what_is_not_the_same_work_is_said() {
    let folder = folder("bench-other");
    write(&folder, "a.wat", SAME);
    write(&folder, "b.wat", FAILS);
    write(&folder, "bad.wat", "(module (import \"x\" \"y\" (func)) (func (export \"_start\")))");
    let (status, out, _) = run(&folder, &["bench", "a.wat", "b.wat", "--runs", "1"]);
    assert_eq!(status, 1);
    holds(&out, &["they are not the same work"]);
    for (arguments, part) in [
        (&["bench", "bad.wat"][..], "bad.wat on"),
        (&["bench", "gone.wasm"], "`gone.wasm` does not exist"),
        (&["bench", "a.wat", "--input", "-"], "stdin can be read once"),
        (&["bench", "a.wat", "--runs", "0"], "--runs"),
        (&["bench"], "WHAT"),
    ] {
        let (status, _, err) = run(&folder, arguments);
        assert_eq!(status, 2, "{arguments:?}: {err}");
        holds(&err, &[part]);
    }
}
