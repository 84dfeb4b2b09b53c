//! What comes back from a function: comments, order and quotes are restored, changes are kept, and
//! differences and paths name them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use manifest::{Limits, Node, SequenceIndent, adopt, diff, emit, locate, parse, splice};

fn read(text: &str) -> Node {
    parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{text}")).remove(0).root
}

#[track_caller]
fn check(input: &str, output: &str, expected: &str) {
    let mut root = read(output);
    adopt(&mut root, &read(input));
    assert_eq!(emit(&root, SequenceIndent::Compact), expected);
}

#[test]
fn comments_come_back() {
    check(
        "# top\n\n# k\nkind: A # kind\nlist: # list\n# one\n- a # a\n- b # b\n",
        "list:\n- a\n- c\nkind: A\n",
        "# top\n\n# k\nkind: A # kind\nlist: # list\n# one\n- a # a\n- c\n",
    );
    check("a: 1 # old\n", "a: 2 # new\n", "a: 2 # new\n");
    check("a: 1 # old\n", "a: 2\n", "a: 2 # old\n");
    check(
        "c:\n# main\n- name: x # n\n  v: 1\n",
        "c:\n- name: new\n- v: 2\n  name: x\n",
        "c:\n- name: new\n# main\n- name: x # n\n  v: 2\n",
    );
}

#[test]
fn keys_return_to_their_order() {
    check("b: 1\na: 2\n", "new: 0\na: 2\nb: 1\nlast: 3\n", "b: 1\na: 2\nnew: 0\nlast: 3\n");
}

#[test]
fn lost_quotes_return() {
    check(
        "a: \"on\"\nb: '1'\nc: yes\nl: ['y', \"2\"]\n",
        "a: on\nb: 1\nc: yes\nl:\n- y\n- 2\n",
        "a: \"on\"\nb: '1'\nc: yes\nl:\n- 'y'\n- \"2\"\n",
    );
    check("\"on\": 1\n", "on: 1\n", "\"on\": 1\n");
    check("a: \"1\"\n", "a: 2\n", "a: 2\n");
    check("a: 1\n", "a: \"1\"\n", "a: \"1\"\n");
}

#[test]
fn new_strings_of_yaml_1_2_are_quoted() {
    check(
        "a: x\n",
        "a: on\nb: yes\nc: 1_000\nd: true\ne: 0777\nf: n\ny: 0b1\n",
        "a: \"on\"\nb: \"yes\"\nc: \"1_000\"\nd: true\ne: 0777\nf: \"n\"\n\"y\": \"0b1\"\n",
    );
}

#[test]
fn a_function_that_writes_json_leaves_yaml() {
    let source = "# head\nkind: ConfigMap # kind\ndata:\n  a: plain # why\n  b: 'on'\n";
    let document = parse(source, &Limits::default()).unwrap().remove(0);
    let mut root = read(
        r#"{"data":{"a":"changed","b":"on","new":{"list":[1,"two","3"],"text":"x\ny\n"}},"kind":"ConfigMap"}"#,
    );
    adopt(&mut root, &document.root);
    assert_eq!(
        splice(source, &document, &root),
        "# head\nkind: ConfigMap # kind\ndata:\n  a: changed # why\n  b: 'on'\n  new:\n    \
        list:\n    - 1\n    - two\n    - \"3\"\n    text: |\n      x\n      y\n"
    );
}

#[track_caller]
fn differs(old: &str, new: &str, expected: &[&str]) {
    let changes: Vec<_> = diff(&read(old), &read(new))
        .into_iter()
        .map(|it| {
            format!(
                "{}: {} -> {}",
                it.path,
                it.old.as_deref().unwrap_or("-"),
                it.new.as_deref().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(changes, expected);
}

#[test]
fn differences_name_fields() {
    differs("a: 1\nb: x\n", "b: 'x' # same\na: 1.0\n", &[]);
    differs("a: 1\nb: 2\n", "b: 3\nc: {d: 1}\n", &["a: 1 -> -", "b: 2 -> 3", "c: - -> {\"d\":1}"]);
    let old = "spec: {containers: [{name: a, image: x}, {name: b, image: v}]}";
    differs(
        old,
        "spec: {containers: [{name: new, image: z}, {name: a, image: x}, {name: b, image: w}]}",
        &["spec.containers[0]: - -> {\"name\":\"new\",\"image\":\"z\"}", "spec.containers[2].image: v -> w"],
    );
    differs("args: [a, b, c]", "args: [a, x, c, d]", &["args[1]: b -> x", "args[3]: - -> d"]);
    differs("l: {a.b/c: 1}", "l: {a.b/c: 2}", &["l['a.b/c']: 1 -> 2"]);
    differs("a: {b: 1}", "a: text", &["a: {\"b\":1} -> text"]);
    differs("- a\n- b\n- a\n", "- b\n- a\n", &["[0]: a -> -"]);
}

#[test]
fn paths_find_fields() {
    let root = read(
        "metadata:\n  annotations:\n    foo.bar/baz: A\n    foo: {x: B}\nspec:\n  c:\n  - name: web\n    l: {cpu: C}\n  on: D\n",
    );
    let found = [
        ("metadata.annotations.foo.bar/baz", "A"),
        ("metadata.annotations['foo.bar/baz']", "A"),
        ("metadata.annotations[\"foo.bar/baz\"]", "A"),
        ("metadata.annotations.foo.x", "B"),
        ("spec.c[0].l.cpu", "C"),
        (".spec.c[0].l.cpu", "C"),
        ("spec.c[name=web].l.cpu", "C"),
        ("spec.true", "D"),
    ];
    for (path, text) in found {
        assert_eq!(locate(&root, path).and_then(Node::scalar_text), Some(text), "{path}");
    }
    for path in [
        "spec.c[1]",
        "spec.c[x]",
        "nothing",
        "spec.",
        "spec..c",
        "spec.c[0",
        "spec['c",
        "spec.c[99999999999999999999]",
    ] {
        assert_eq!(locate(&root, path), None, "{path}");
    }
    assert_eq!(locate(&root, "spec.c[0].l.cpu").unwrap().span.unwrap().line, 8);
    assert_eq!(locate(&root, "spec.c[0].l.cpu").unwrap().span.unwrap().column, 14);
}
