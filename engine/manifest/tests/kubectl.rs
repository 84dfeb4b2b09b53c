//! What kubectl reads is what this crate reads, and what this crate writes is what kubectl reads.
//!
//! kubectl needs no cluster for either. Where it is missing, its frozen answers in `kubectl.json` and
//! `strings.yaml` are held; `UPDATE=1` asks it again and rewrites them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use manifest::{Limits, Node, SequenceIndent, emit, from_json, parse, to_json};
use serde_json::{Map, Value, json};

/// Unquoted scalars, tagged ones and flow values, as they stand behind a key.
const VALUES: &str = "y Y n N yes Yes YES yEs no No NO on On ON oN off OFF true True TRUE tRue false False FALSE \
    null Null NULL nULL ~ 0 00 07 08 09 010 0777 0778 0o17 0O17 0x1F 0X1f 0x 0b11 0B11 -0b11 0b2 +12 -12 +0x1F \
    -0777 1_000 _1 1_ 1__0 -_1 0x_1F 0_7 1_0.5 1.0 1. .5 +.5 -.5 . .. ._5 .5_0 .5__0 .5_ .5e1_0 1e3 1E3 1e+3 1e-3 1.5e300 1e999 \
    .5e999 1e 1e+ e3 -0 -0.0 +0 190:20:30 1:30 2001-01-01 2001-1-1 2001-12-14t21:59:43.10-05:00 12e03 0.1 0.10 \
    9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615 \
    18446744073709551616 +18446744073709551615 123456789012345678901234567890 0xFFFFFFFFFFFFFFFF \
    0x1FFFFFFFFFFFFFFFF 100000000000000000000 1e20 1e21 1e22 0.000001 0.0000001 \
    1.7976931348623157e308 4.9e-324 3.14159 -1.5E-7 = -- + a nan .NaNx inf +inf -inf Infinity .info 1,000 1.2.3 \
    1-2 0x1G 0b 0o 0o8 1a 12h 100m 1Gi 5e 'on' \"on\" '1' \"1\" !!str\u{a0}1 [on,1_0,'x'] {n:\u{a0}y} [] {} \
    !!int\u{a0}\"3\" !!float\u{a0}3 !!bool\u{a0}yes !!binary\u{a0}aGVsbG8= !\u{a0}3 !mine\u{a0}3 !!str\u{a0}on \
    !!timestamp\u{a0}2001-01-01 <<x << a#b a:b http://x?y=z";

/// Unquoted keys.
const KEYS: &str = "y No on 0777 1_0 1.5 1e5 1e6 1e20 1e21 0.0001 0.00001 1234567.5 20000000000.5 2001-01-01 true 0o17 -1 \
    !!str\u{a0}5 \"null\" 0x10 123456789.0 .5 1.0 100000.0 plain";

/// What kubectl refuses as a value or key, and so does this crate.
const REFUSED: [&str; 14] = [
    "a: .inf",
    "a: -.INF",
    "a: .nan",
    "~: 1",
    "null: 1",
    "18446744073709551615: a",
    "[a]: b",
    "{a: b}: c",
    "a: !!int x",
    "a: !!null x",
    "a: !!float x",
    "a: *missing",
    "a: \"\\q\"",
    "a:\n\tb: 1",
];

/// Strings that a careless writer spoils.
fn strings() -> Vec<String> {
    let words = VALUES.split_ascii_whitespace().map(|it| it.replace('\u{a0}', " "));
    let others = [
        "",
        " ",
        "  lead",
        "trail ",
        "a: b",
        "a:",
        ": b",
        "a #b",
        "#a",
        "- a",
        "-",
        "? a",
        "?",
        "it's",
        "\"q\"",
        "'",
        "\"",
        "back\\slash",
        "tab\there",
        "\tlead",
        "new\nline",
        "new\nline\n",
        "keep\n\n",
        "\n",
        "\n\nlead",
        " lead\nmore",
        "a\n\n\nb",
        "trail \nmore",
        "a\r\nb",
        "\r",
        "\u{1}",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{a0}",
        "üñí",
        "😀",
        "---",
        "--- a",
        "...",
        "{{ .x }}",
        "[x",
        "x]",
        "%dir",
        "@at",
        "`tick`",
        "&amp",
        "*star",
        "!bang",
        "|",
        ">",
        "| a",
        "a\t",
        "a\n\tb",
        "a\n b\n",
        "x: |\n  y",
        "# not\na comment\n",
        "{",
        "}",
        "a, b",
        "key: [v]",
        "0",
        "\0",
    ];
    words.chain(others.into_iter().map(str::to_owned)).collect()
}

fn here(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

#[allow(clippy::print_stdout, reason = "whoever runs the tests should know what was left out")]
fn has_kubectl() -> bool {
    let found =
        Command::new("kubectl").arg("version").arg("--client").output().is_ok_and(|it| it.status.success());
    if !found {
        println!("kubectl is not on PATH: only its frozen answers are checked");
    }
    found
}

/// The `data` kubectl reads from a ConfigMap with these lines, or nothing if it refuses them.
fn ask(data: &str) -> Option<Value> {
    let lines: String = data.lines().map(|line| format!("  {line}\n")).collect();
    ask_object(&format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n{lines}"))
}

fn ask_object(text: &str) -> Option<Value> {
    let mut child = Command::new("kubectl")
        .args(["annotate", "--local", "-f", "-", "x=y", "-o", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then(|| serde_json::from_slice::<Value>(&output.stdout).unwrap()["data"].clone())
}

fn values() -> String {
    let words = VALUES.split_ascii_whitespace().enumerate();
    words.map(|(index, word)| format!("v{index}: {}\n", word.replace('\u{a0}', " "))).collect()
}

fn keys() -> String {
    let words = KEYS.split_ascii_whitespace().enumerate();
    words.map(|(index, word)| format!("k{index}: {{{}: 1}}\n", word.replace('\u{a0}', " "))).collect()
}

fn read(text: &str) -> Value {
    let documents = parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    to_json(&documents[0].root)
}

#[test]
fn values_and_keys_are_read_as_kubectl_reads_them() {
    let frozen = here("kubectl.json");
    if has_kubectl() {
        let answers = json!({ "values": ask(&values()).unwrap(), "keys": ask(&keys()).unwrap() });
        if is_update() {
            fs::write(&frozen, format!("{answers:#}\n")).unwrap();
        }
        assert_eq!(
            answers,
            serde_json::from_slice::<Value>(&fs::read(&frozen).unwrap()).unwrap(),
            "kubectl changed"
        );
    }
    let answers: Value = serde_json::from_slice(&fs::read(&frozen).unwrap()).unwrap();
    for (part, text) in [("values", values()), ("keys", keys())] {
        let (ours, theirs) = (read(&text), &answers[part]);
        for line in text.lines() {
            let key = line.split(':').next().unwrap();
            let (ours, theirs) = (&ours[key], &theirs[key]);
            // Go writes floats without a fraction as whole numbers.
            let is_equal_float = ours.is_f64() && ours.as_f64() == theirs.as_f64();
            assert!(ours == theirs || is_equal_float, "{line}: {ours} instead of {theirs}");
        }
    }
}

#[test]
fn what_kubectl_refuses_is_refused() {
    let is_live = has_kubectl();
    for text in REFUSED {
        assert!(parse(text, &Limits::default()).is_err(), "{text}");
        if is_live {
            assert_eq!(ask(text), None, "{text}");
        }
    }
}

#[test]
fn merge_keys_are_read_as_kubectl_reads_them() {
    let text = "b: &x {a: 2, q: 1}\nc:\n  a: 1\n  <<: *x\nd:\n  <<: *x\n  a: 3\ne:\n  <<: [{a: 1}, {a: 2, b: 2}]\n\
        f:\n  \"<<\": *x\ng: {<<: *x, <<: {a: 7}}\n";
    let theirs = json!({ "b": {"a": 2, "q": 1}, "c": {"a": 2, "q": 1}, "d": {"a": 3, "q": 1}, "e": {"a": 1, "b": 2},
        "f": {"<<": {"a": 2, "q": 1}}, "g": {"a": 7, "q": 1} });
    assert_eq!(read(text), theirs);
    if has_kubectl() {
        assert_eq!(ask(text), Some(theirs));
    }
}

/// A ConfigMap with every string as a value, as a key, in a list and in a flow list.
fn config_map() -> (Node, Value) {
    let mut data = Map::new();
    for (index, text) in strings().into_iter().enumerate() {
        data.insert(format!("v{index}"), json!(text));
        data.insert(format!("k{index}"), json!({ text.clone(): [text] }));
    }
    let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data });
    let mut root = from_json(&object);
    let items: Vec<_> = strings().into_iter().map(Node::string).collect();
    let mut flow = Node::sequence(items);
    flow.style = manifest::Style::Flow;
    root.set_at(&["data", "flow"], flow);
    let data = to_json(&root)["data"].clone();
    assert_eq!(data["flow"], json!(strings()));
    (root, data)
}

#[test]
fn strings_are_written_as_kubectl_reads_them() {
    let (root, data) = config_map();
    let written = emit(&root, SequenceIndent::Compact);
    assert_eq!(read(&written)["data"], data);
    if has_kubectl() {
        for text in [&written, &emit(&root, SequenceIndent::Wide)] {
            let read = ask_object(text).expect("kubectl reads what was written");
            for (key, value) in data.as_object().unwrap() {
                assert_eq!(&read[key], value, "{key}");
            }
        }
    }
    let frozen = here("strings.yaml");
    if is_update() {
        fs::write(&frozen, &written).unwrap();
    }
    assert_eq!(
        written,
        fs::read_to_string(&frozen).unwrap(),
        "written differently than what kubectl was shown"
    );
}

#[test]
fn strings_are_written_as_kustomize_reads_them() {
    if !has_kubectl() {
        return;
    }
    let folder = std::env::temp_dir().join(format!("drydock-manifest-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut data = Map::new();
    // kustomize reads escaped control characters and then fails on them itself.
    let is_fine = |it: char| it == '\n' || !(it.is_control() || it == '\u{feff}');
    for (index, text) in strings().into_iter().enumerate().filter(|(_, text)| text.chars().all(is_fine)) {
        data.insert(format!("v{index}"), json!(text));
    }
    let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data });
    fs::write(folder.join("object.yaml"), emit(&from_json(&object), SequenceIndent::Compact)).unwrap();
    fs::write(folder.join("kustomization.yaml"), "resources:\n- object.yaml\n").unwrap();
    let output = Command::new("kubectl").arg("kustomize").arg(&folder).output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = read(&String::from_utf8(output.stdout).unwrap());
    for (key, value) in data {
        assert_eq!(read["data"][&key], value, "{key}");
    }
}
