//! Reading and writing back: values, styles and comments survive `emit`, and `emit` settles at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use manifest::{Limits, Node, SequenceIndent, Style, emit, parse};

const TRICKY: &str = "# licence\n\n# about the object\napiVersion: v1 # line\nkind: ConfigMap\nmetadata: # on the key\n  # first\n  name: a\n  # below name\n\n  labels: {a: b, \"c\": 'd'}\n  # foot of metadata\ndata: !!map\n  text: | # header\n    one\n      two\n\n  keep: |+\n    x\n\n\n  fold: >-\n    a\n    b\n  empty:\n  q: \"on\"\n  t: !!str 12\n  # list\n  list:\n  # first item\n  - a # one\n  -\n  - # nested\n    x: 1\n    y: 2\n  - - p\n    - q\n  # above the last\n  - name: z\n    v: [1, 2]\n# the end of the list?\nlast: &x {a: 1}\nalias: *x\n? explicit\n: value\n\n# the very end\n";

#[test]
fn tricky_text_survives() {
    let docs = parse(TRICKY, &Limits::default()).unwrap();
    let root = &docs[0].root;
    for wide in [SequenceIndent::Compact, SequenceIndent::Wide] {
        let once = emit(root, wide);
        let again = parse(&once, &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{once}"));
        assert!(again[0].root.same(root), "{once}");
        let twice = emit(&again[0].root, wide);
        assert_eq!(once, twice);
        let comments = |text: &str| text.matches('#').count();
        assert_eq!(comments(TRICKY), comments(&once));
    }
}

#[test]
fn documents_are_the_text_between_separators() {
    let cases: [(&str, &[&str]); 12] = [
        ("a: 1\n---\nb: 2\n", &["a: 1\n", "b: 2\n"]),
        ("---\n# head\na: 1\n---\n", &["# head\na: 1\n", ""]),
        ("# licence\n---\na: 1\n", &["# licence\n", "a: 1\n"]),
        ("a: 1\n---\n# only\n---\nb: 1\n# end\n", &["a: 1\n", "# only\n", "b: 1\n# end\n"]),
        ("--- # c\na: 1\n...\n# between\n---\nb: 1\n", &[" # c\na: 1\n", "# between\n", "b: 1\n"]),
        ("%YAML 1.2\n---\na: 1\n", &["a: 1\n"]),
        ("\u{feff}a: 1\r\n---\r\nb: 1\r\n", &["a: 1\r\n", "b: 1\r\n"]),
        ("--- {a: 1}\n--- text\n", &[" {a: 1}\n", " text\n"]),
        ("# only\n", &["# only\n"]),
        ("\n \n", &[]),
        ("", &[]),
        ("{\n\t\"a\": [1,\n\t\t2]\n}\n", &["{\n\t\"a\": [1,\n\t\t2]\n}\n"]),
    ];
    for (text, expected) in cases {
        let documents = parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let texts: Vec<_> = documents.iter().map(|it| it.text(text)).collect();
        assert_eq!(texts, expected, "{text:?}");
        for document in &documents {
            let is_without_content =
                document.text(text).lines().all(|it| it.trim().is_empty() || it.starts_with('#'));
            assert_eq!(document.is_empty, is_without_content, "{text:?}");
        }
    }
}

#[test]
fn spans_are_exact() {
    let text =
        "é: ü\nmap:\n  k: &x !!str 'v' # c\n  list:\n  - [a, {b: c}]\n  -\n  - |\n    text\n\nlast: *x\n";
    let root = parse(text, &Limits::default()).unwrap().remove(0).root;
    let list = root.at(&["map", "list"]).unwrap();
    let items = list.as_sequence().unwrap();
    let cases = [
        (root.get("é").unwrap(), "ü", 1, 4),
        (root.at(&["map", "k"]).unwrap(), "&x !!str 'v'", 3, 6),
        (list, "- [a, {b: c}]\n  -\n  - |\n    text", 5, 3),
        (&items[0], "[a, {b: c}]", 5, 5),
        (items[0].as_sequence().unwrap()[1].get("b").unwrap(), "c", 5, 13),
        (&items[1], "", 6, 4),
        (root.get("last").unwrap(), "*x", 10, 7),
    ];
    for (node, expected, line, column) in cases {
        let span = node.span.unwrap();
        assert_eq!((&text[span.start..span.end], span.line, span.column), (expected, line, column));
    }
    let block = items[2].span.unwrap();
    assert_eq!(&text[block.start..block.end], "|\n    text");
    assert_eq!(root.get("last").unwrap().as_str(), Some("v"));
}

#[test]
fn comments_belong_to_what_they_stand_by() {
    let text = "# document\n\n# a head\na: 1 # a line\n# a foot\n\n# b head\nb: # b line\n  # c head\n  c: [x] # c line\n  # c foot\n# d head\nd:\n# item head\n- i # item line\n  # item foot\n# end\n";
    let root = parse(text, &Limits::default()).unwrap().remove(0).root;
    let entry = |name: &str| root.entry(name).unwrap();
    let c = entry("b").value.entry("c").unwrap();
    let item = &entry("d").value.as_sequence().unwrap()[0];
    assert_eq!(root.comments.head, [" document"]);
    assert_eq!(entry("a").key.comments.head, [" a head"]);
    assert_eq!(entry("a").value.comments.line.as_deref(), Some(" a line"));
    assert_eq!(entry("a").key.comments.foot, [" a foot"]);
    assert_eq!(entry("b").key.comments.head, [" b head"]);
    assert_eq!(entry("b").key.comments.line.as_deref(), Some(" b line"));
    assert_eq!(c.key.comments.head, [" c head"]);
    assert_eq!(c.value.comments.line.as_deref(), Some(" c line"));
    assert_eq!(c.key.comments.foot, [" c foot"]);
    assert_eq!(entry("d").key.comments.head, [" d head"]);
    assert_eq!(item.comments.head, [" item head"]);
    assert_eq!(item.comments.line.as_deref(), Some(" item line"));
    assert_eq!(item.comments.foot.concat(), " item foot end");
}

#[test]
fn nodes_answer_and_change() {
    let mut root = Node::mapping();
    root.set_at(&["a", "b"], Node::string("on"));
    root.set("n", Node::integer(3));
    root.set("long".repeat(400).as_str(), Node::boolean(true));
    root.set("text", Node::string("x\n"));
    assert_eq!(root.at(&["a", "b"]).and_then(Node::as_str), Some("on"));
    assert_eq!((root.get("n").unwrap().as_str(), root.get("n").unwrap().as_i64()), (None, Some(3)));
    let again = parse(&emit(&root, SequenceIndent::Wide), &Limits::default()).unwrap().remove(0).root;
    assert!(again.same(&root));
    assert_eq!(again.get("text").unwrap().style, Style::Literal);
    assert!(root.remove("a").is_some() && root.remove("a").is_none() && root.at(&["a", "b"]).is_none());
    let commented = parse("a: 1 # keep\n", &Limits::default()).unwrap().remove(0);
    let mut root = commented.root;
    root.set("a", Node::string("two"));
    assert_eq!(emit(&root, SequenceIndent::Compact), "a: two # keep\n");
}
