//! Text that wants to hurt: bombs, absurd nesting, broken syntax. All of it is refused with a place and a
//! cause, within the stack and memory of a browser's worker.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use manifest::{Limits, ParseError, parse};

const MEBIBYTE: usize = 1 << 20;

/// As little stack as a worker may have left.
fn refused(text: String) -> ParseError {
    let thread = std::thread::Builder::new().stack_size(MEBIBYTE);
    let worker = thread.spawn(move || parse(&text, &Limits::default()).expect_err("this must be refused"));
    worker.unwrap().join().unwrap()
}

fn accepted(text: String) -> usize {
    let thread = std::thread::Builder::new().stack_size(MEBIBYTE);
    thread.spawn(move || parse(&text, &Limits::default()).unwrap().len()).unwrap().join().unwrap()
}

#[test]
fn absurd_nesting() {
    let deep = ["[", "{", "{a: ", "- ", "? ", "[[", "- - ", "!!seq [", "&a [", "[{", "{[", "a: [", "- ? "];
    for piece in deep {
        let error = refused(piece.repeat(MEBIBYTE / piece.len()));
        assert!(error.line >= 1 && error.column >= 1, "{error}");
    }
    let stairs: String = (0..1400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(refused(stairs).message.contains("nested"));
}

#[test]
fn nesting_within_the_limit() {
    let depth = Limits::default().max_depth;
    assert_eq!(accepted("[".repeat(depth) + &"]".repeat(depth)), 1);
    refused("[".repeat(depth + 1) + &"]".repeat(depth + 1));
    assert_eq!(accepted("- ".repeat(depth) + "x"), 1);
    refused("- ".repeat(depth + 1) + "x");
}

#[test]
fn expansion() {
    let mut laughs = "a0: &a0 [lol]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        laughs += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert!(refused(laughs).message.contains("expand"));
    let mut merges = "a0: &a0 {x: 1}\n".to_owned();
    for level in 1..60 {
        merges += &format!("a{level}: &a{level} {{l: *a{0}, r: *a{0}}}\n", level - 1);
    }
    assert!(refused(merges).message.contains("expand"));
    let quadratic = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(100_000));
    assert!(refused(quadratic).message.contains("expand"));
    let items = vec!["1"; 10_000].join(",");
    assert!(
        refused(format!("a: &a [{items}]\nb: [{}]\n", "*a, ".repeat(100_000))).message.contains("expand")
    );
    let nested =
        (0..90).map(|it| format!("&a{it} [")).collect::<String>() + &"1,".repeat(20_000) + &"]".repeat(90);
    assert!(refused(nested).message.contains("expand"));
    assert!(refused("a: &a [*a]\n".to_owned()).message.contains("inside the value"));
}

#[test]
fn size() {
    refused(" ".repeat(Limits::default().max_bytes + 1));
    let limits = Limits { max_nodes: 1000, ..Limits::default() };
    let error = parse(&("[".to_owned() + &"1,".repeat(1000) + "]"), &limits).unwrap_err();
    assert!(error.message.contains("more than 1000 values"), "{error}");
}

/// Long but harmless text, which a quadratic loop would not get through.
#[test]
fn long_text() {
    let words = "word ".repeat(MEBIBYTE / 5);
    assert_eq!(accepted(format!("a: {words}\n")), 1);
    assert_eq!(accepted(format!("a: \"{words}\"\n")), 1);
    assert_eq!(accepted(format!("a: |\n  {words}\n")), 1);
    assert_eq!(accepted(format!("a: '{}'\n", "''".repeat(MEBIBYTE / 2))), 1);
    assert_eq!(accepted(format!("a: [{}]\n", "x, ".repeat(MEBIBYTE / 8))), 1);
    assert_eq!(
        accepted(format!("{{{}}}", (0..20_000).map(|it| format!("\"k{it}\":1,")).collect::<String>())),
        1
    );
    assert_eq!(accepted((0..20_000).map(|it| format!("k{it}: 1\n")).collect()), 1);
    assert_eq!(accepted("# comment\n".repeat(MEBIBYTE / 10) + "a: 1\n"), 1);
    assert_eq!(accepted("a: 1\n".to_owned() + &"\n".repeat(MEBIBYTE)), 1);
    assert_eq!(accepted("- a # c\n# d\n\n".repeat(MEBIBYTE / 12)), 1);
    assert_eq!(accepted("---\na: 1\n".repeat(20_000)), 20_000);
    assert_eq!(accepted("---\n# c\n".repeat(20_000)), 20_000);
    assert_eq!(accepted(format!("a: |\n{}", "  line\n\n".repeat(MEBIBYTE / 8))), 1);
}

#[track_caller]
fn says(text: &str, line: usize, column: usize, parts: &[&str]) {
    let error = parse(text, &Limits::default()).expect_err(text);
    assert_eq!((error.line, error.column), (line, column), "{text:?}: {error}");
    let shown = error.to_string();
    assert!(shown.starts_with(&format!("line {line}, column {column}: ")), "{shown}");
    for part in parts {
        assert!(shown.contains(part), "{text:?}: {shown}");
    }
}

#[test]
fn errors_name_the_place_and_the_cause() {
    says("a: 1\nb: 2\na: 3\n", 3, 1, &["`a` stands twice", "first in line 1", ": a: 3"]);
    says("a:\n  b: {x: 1, \"x\": 2}\n", 2, 13, &["`x` stands twice"]);
    says("1: a\n\"1\": b\n", 2, 1, &["`1` stands twice"]);
    says("a:\n\tb: 1\n", 2, 2, &["tab", "spaces"]);
    says("a: *x\n", 1, 4, &["alias"]);
    says("é: *x\n", 1, 4, &["alias"]);
    says("a: \"\\q\"\n", 1, 4, &["escape", "single quotes"]);
    says("a: {{ .Values.x }}\n", 1, 5, &["template"]);
    says("a: x: y\n", 1, 5, &["`: `"]);
    says("a: @x\n", 1, 4, &["`@`", "quotes"]);
    says("a: x\0y\n", 1, 5, &["\\0"]);
    says("a: \u{1}\n", 1, 4, &["\\u{1}"]);
    says("a: \"x\u{1}y\"\n", 1, 6, &["\\u{1}"]);
    says("a: .inf\n", 1, 4, &["JSON"]);
    says("<<: 1\n", 1, 1, &["merge key"]);
    says("a: 1\n---\nb: [1\n---\nc: 1\n", 3, 4, &[]);
    for text in [
        "a: \"x\n",
        "a: 'x\n",
        "a: [1\n",
        "a: {b: 1\n",
        "a: ]\n",
        "a: }\n",
        "- a\nb\n",
        "a\nb: 1\n",
        "%YAML 3.0\n---\na\n",
        "a: &x\n",
        "!<x",
        "a: !!int x",
        "&a *a",
        "? [a]\n",
        "\u{0}",
        "a: \"\\ud800\"",
        "a: 1\n  b: 2\n",
        "a: - b\n",
    ] {
        if let Err(error) = parse(text, &Limits::default()) {
            assert!(!error.message.is_empty() && error.line >= 1 && error.column >= 1, "{text}");
            assert!(!error.message.ends_with('.'), "{error}");
        }
    }
}
