//! `drydock test`: what holds, what falls short, what cannot be read, and how CI hears of it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "every test needs a part of it")]
#[path = "process/real.rs"]
mod real;

use std::process::{Command, Stdio};
use std::time::Duration;

use real::{ENDLESS, FAILS, SAME, drydock, folder, holds, run, told, workspace, write};

const HOLDS: &str = "cases:\n- name: nothing changes\n  expect: {outcome: finished}\n";
const SHORT: &str = "cases:\n- name: it should fail\n  expect: {outcome: exited}\n";

/// One workspace, arguments behind `test`, the status, and what is printed.
fn check(name: &str, text: &str, arguments: &[&str], status: i32, parts: &[&str]) {
    let folder = folder(&format!("cases-{name}"));
    write(&folder, "drydock.yaml", text);
    let (ended, out, err) = run(&folder, &[&["test", "."], arguments].concat());
    assert_eq!(ended, status, "{name}:\n{out}{err}");
    holds(&format!("{out}{err}"), parts);
}

#[test]
fn cases_hold_or_fall_short() {
    let failing =
        "cases:\n- name: it fails\n  expect:\n    outcome: exited\n    stderr: ['<no> & \"never\"']\n";
    let regex = "cases:\n- name: odd\n  expect: {outcome: finished, message: '/(/'}\n";
    let gone = "cases:\n- name: odd\n  change: {off: [gone]}\n  expect: {outcome: finished}\n";
    for (name, text, status, parts) in [
        ("holds", workspace(SAME, HOLDS), 0, &["✓ holds", "nothing changes", "1 case of 1 workspace on"][..]),
        (
            "short",
            workspace(SAME, SHORT),
            1,
            &[
                "✗ fails",
                "it should fail",
                "expected Exited, got Finished",
                "1 case of 1 workspace on",
                "falls short",
            ],
        ),
        ("failing", workspace(FAILS, failing), 0, &["✓ holds"]),
        ("regex", workspace(SAME, regex), 1, &["the expected message `/(/` cannot be read"]),
        ("step", workspace(SAME, gone), 1, &["changes step `gone`, which the workspace does not have"]),
        (
            "outcome",
            workspace(SAME, "cases:\n- name: odd\n  expect: {outcome: fine}\n"),
            2,
            &["case `odd`: unknown variant `fine`", "1 workspace cannot be read"],
        ),
        (
            "field",
            workspace(SAME, "cases:\n- name: odd\n  expects: {}\n"),
            2,
            &["case `odd`: unknown field `expects`"],
        ),
        ("module", workspace("(module", HOLDS), 2, &["module `fn` of drydock.yaml: line 2, column 1 of"]),
        ("none", workspace(SAME, ""), 2, &["there is no case here to run"]),
    ] {
        check(name, &text, &[], status, parts);
    }
}

#[test]
fn a_filter_chooses() {
    let cases =
        "cases:\n- name: one\n  expect: {outcome: finished}\n- name: two\n  expect: {outcome: exited}\n";
    check("filter", &workspace(SAME, cases), &["--filter", "one"], 0, &["1 case of 1 workspace"]);
    check(
        "filter-path",
        &workspace(SAME, cases),
        &["--filter", "drydock"],
        1,
        &["1 of 2 cases of 1 workspace"],
    );
    check("filter-none", &workspace(SAME, cases), &["--filter", "three"], 2, &["is called `three`"]);
}

#[test]
fn engines_must_agree() {
    let both = ["--engine", "wasmtime", "--engine", "wasmi", "--engine", "wasmtime"];
    let cases = "cases:\n- name: it fails\n  expect: {outcome: exited, stderr: [never]}\n";
    let all = "1 case of 1 workspace on wasmtime and wasmi holds";
    check("engines", &workspace(FAILS, cases), &both, 0, &["wasmtime", "wasmi", all]);
    let short = ["wasmtime: expected Exited, got Finished", "wasmi: expected Exited, got Finished"];
    check("engines-short", &workspace(SAME, SHORT), &both, 1, &short);
    check("engines-unknown", &workspace(SAME, SHORT), &["--engine", "v8"], 2, &["wasmtime", "wasmi"]);
}

#[test]
fn folders_are_searched_in_order() {
    let folder = folder("cases-folders");
    for name in ["b", "a/inner", "c", ".hidden", "target", "node_modules"] {
        write(&folder, &format!("{name}/drydock.yaml"), workspace(SAME, HOLDS));
    }
    write(&folder, "c/other.yaml", "not: a workspace\n");
    let (status, out, _) = run(&folder, &["test", "c", ".", "a/inner/drydock.yaml"]);
    let places: Vec<&str> = out.lines().filter(|line| line.ends_with("drydock.yaml")).collect();
    assert_eq!(places, ["c/drydock.yaml", "a/inner/drydock.yaml", "b/drydock.yaml"]);
    assert_eq!(status, 0);
    let (status, out, _) = run(&folder, &["test", "gone", "c"]);
    assert_eq!(status, 2);
    holds(&out, &["`gone` does not exist", "c/drydock.yaml", "✓ holds", "1 workspace cannot be read"]);
    write(&folder, "empty/x", "");
    let (status, out, _) = run(&folder, &["test", "empty"]);
    assert_eq!(status, 2);
    holds(&out, &["no drydock.yaml is in `empty` or below"]);
}

#[test]
fn programs_read_json() {
    let folder = folder("cases-json");
    write(&folder, "good/drydock.yaml", workspace(SAME, HOLDS));
    write(&folder, "short/drydock.yaml", workspace(SAME, SHORT));
    write(&folder, "worse/drydock.yaml", "drydock: 1\n");
    let (status, out, _) = run(&folder, &["test", ".", "-o", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 2);
    assert_eq!((&json["cases"], &json["shortfalls"], &json["unreadable"]), (&2.into(), &1.into(), &1.into()));
    let short = &json["workspaces"][1];
    assert_eq!(short["path"], "short/drydock.yaml");
    assert_eq!(short["cases"][0]["holds"], false);
    holds(short["cases"][0]["runs"][0]["shortfalls"][0].as_str().unwrap(), &["expected Exited"]);
    holds(json["workspaces"][2]["error"]["message"].as_str().unwrap(), &["missing field `pipeline`"]);
}

#[test]
fn ci_reads_xml_whatever_a_guest_prints() {
    let folder = folder("cases-junit");
    let cases = "cases:\n- name: \"<a> & \\\"b\\\" \\e[31m\"\n  expect: {outcome: finished, stderr: [x]}\n";
    write(&folder, "a/drydock.yaml", workspace(FAILS, cases));
    write(&folder, "b/drydock.yaml", workspace(SAME, HOLDS));
    write(&folder, "c & d/drydock.yaml", "drydock: 1\n");
    let (status, out, _) = run(&folder, &["test", ".", "-o", "junit"]);
    assert_eq!(status, 2);
    well_formed(&out);
    holds(
        &out,
        &[
            "<testsuites name=\"drydock\" tests=\"3\" failures=\"1\" errors=\"1\"",
            "name=\"&lt;a&gt; &amp; &quot;b&quot; ␛[31m\"",
            "␛[31m&lt;no&gt; &amp; &quot;never&quot;␀",
            "<testsuite name=\"c &amp; d/drydock.yaml\"",
            "<error message=",
        ],
    );
}

/// Tags that nest, attributes in quotes, nothing that XML 1.0 forbids.
#[track_caller]
fn well_formed(xml: &str) {
    assert!(xml.chars().all(|c| c >= ' ' || c == '\n'), "a control character is in:\n{xml}");
    let mut open = Vec::new();
    for part in xml.split('<').skip(2) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("`<{part}` is not closed"));
        assert_eq!(tag.matches('"').count() % 2, 0, "`<{tag}>` has an open quote");
        for text in tag.split('"').skip(1).step_by(2).chain([text]) {
            assert!(!text.contains('>'), "a bare `>` is in `{text}`");
            for entity in text.split('&').skip(1) {
                let is_entity =
                    ["amp;", "lt;", "gt;", "quot;", "#"].iter().any(|name| entity.starts_with(name));
                assert!(is_entity, "a bare `&` is in `{text}`");
            }
        }
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "`</{name}>` closes nothing");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_long_run() {
    let folder = folder("cases-ctrl-c");
    write(&folder, "drydock.yaml", workspace(ENDLESS, HOLDS));
    let mut child =
        drydock(&folder, &["test", "."]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1_000));
    if child.try_wait().unwrap().is_none() {
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    }
    let (status, out, err) = told(&child.wait_with_output().unwrap());
    assert_eq!((status, out.as_str()), (130, ""), "{err}");
    holds(&err, &["stopped by Ctrl-C after 0 cases: nothing is reported"]);
}
