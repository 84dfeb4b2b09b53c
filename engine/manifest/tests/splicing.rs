//! Splicing: the text around a change stays, the change arrives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use manifest::{Limits, Node, parse, splice};

const DEPLOYMENT: &str = r#"# what this is

# head
apiVersion: apps/v1
kind: Deployment   # odd spacing
metadata:
  name: "web"
  labels: {app: web,  tier: 'front'}

  # about annotations
  annotations:
    on: "off"   # keep
spec:
    replicas: 3
    template:
      spec:
        containers:
          # the main one
          - name: web
            image: nginx:1.25  # pinned
            args: ["-c", '3']
          # the other
          - name: sidecar
            image: envoy
            command:
            - a
            - b
# trailing
"#;

fn edited(text: &str, change: impl FnOnce(&mut Node)) -> String {
    let document = parse(text, &Limits::default()).unwrap().remove(0);
    let mut root = document.root.clone();
    change(&mut root);
    let result = splice(text, &document, &root);
    let again = parse(&result, &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{result}"));
    assert!(again[0].root.same(&root), "{result}");
    result
}

#[track_caller]
fn check(text: &str, replaced: &[(&str, &str)], change: impl FnOnce(&mut Node)) {
    let mut expected = text.to_owned();
    for (from, to) in replaced {
        assert!(expected.contains(from), "{from}");
        expected = expected.replacen(from, to, 1);
    }
    let result = edited(text, change);
    assert_eq!(result, expected, "\n--- got\n{result}\n--- expected\n{expected}");
}

fn container(root: &mut Node, index: usize) -> &mut Node {
    &mut root.at_mut(&["spec", "template", "spec", "containers"]).unwrap().as_sequence_mut().unwrap()[index]
}

#[test]
fn scalars() {
    check(DEPLOYMENT, &[("replicas: 3", "replicas: 5")], |root| {
        root.set_at(&["spec", "replicas"], Node::integer(5))
    });
    check(DEPLOYMENT, &[("nginx:1.25", "nginx:1.27")], |root| {
        container(root, 0).set("image", Node::string("nginx:1.27"))
    });
    check(DEPLOYMENT, &[("\"web\"", "\"on\"")], |root| {
        root.set_at(&["metadata", "name"], Node::string("on"))
    });
    check(DEPLOYMENT, &[("image: envoy", "image: \"1.2\"")], |root| {
        container(root, 1).set("image", Node::string("1.2"))
    });
    check(DEPLOYMENT, &[("'front'", "'a, b'")], |root| {
        root.set_at(&["metadata", "labels", "tier"], Node::string("a, b"))
    });
    check(DEPLOYMENT, &[("'3'", "'it''s'")], |root| {
        container(root, 0).get_mut("args").unwrap().as_sequence_mut().unwrap()[1] = Node::string("it's");
    });
}

#[test]
fn additions() {
    check(
        DEPLOYMENT,
        &[("    on: \"off\"   # keep\n", "    on: \"off\"   # keep\n    \"yes\": \"no\"\n")],
        |root| {
            root.set_at(&["metadata", "annotations", "yes"], Node::string("no"));
        },
    );
    check(DEPLOYMENT, &[("tier: 'front'}\n", "tier: 'front', new: value}\n")], |root| {
        root.set_at(&["metadata", "labels", "new"], Node::string("value"));
    });
    check(DEPLOYMENT, &[("            - b\n", "            - b\n            - c\n")], |root| {
        container(root, 1).get_mut("command").unwrap().as_sequence_mut().unwrap().push(Node::string("c"));
    });
    check(DEPLOYMENT, &[("  name: \"web\"\n", "  name: \"web\"\n  namespace: prod\n")], |root| {
        let entries = root.get_mut("metadata").unwrap().as_mapping_mut().unwrap();
        entries.insert(1, manifest::Entry::new("namespace", Node::string("prod")));
    });
    check(
        DEPLOYMENT,
        &[("          - name: web\n", "          - first: 1\n            name: web\n")],
        |root| {
            container(root, 0)
                .as_mapping_mut()
                .unwrap()
                .insert(0, manifest::Entry::new("first", Node::integer(1)));
        },
    );
    check(
        DEPLOYMENT,
        &[(
            "          # the main one\n",
            "          - name: init\n            ports:\n              - 1\n          # the main one\n",
        )],
        |root| {
            let mut new = Node::mapping();
            new.set("name", Node::string("init"));
            new.set("ports", Node::sequence(vec![Node::integer(1)]));
            root.at_mut(&["spec", "template", "spec", "containers"])
                .unwrap()
                .as_sequence_mut()
                .unwrap()
                .insert(0, new);
        },
    );
}

#[test]
fn removals() {
    check(
        DEPLOYMENT,
        &[(
            "          # the main one\n          - name: web\n            image: nginx:1.25  # pinned\n            args: [\"-c\", '3']\n",
            "",
        )],
        |root| {
            root.at_mut(&["spec", "template", "spec", "containers"])
                .unwrap()
                .as_sequence_mut()
                .unwrap()
                .remove(0);
        },
    );
    check(DEPLOYMENT, &[("app: web,  ", "")], |root| {
        root.at_mut(&["metadata", "labels"]).unwrap().remove("app");
    });
    check(DEPLOYMENT, &[(",  tier: 'front'", "")], |root| {
        root.at_mut(&["metadata", "labels"]).unwrap().remove("tier");
    });
    check(DEPLOYMENT, &[("  # about annotations\n  annotations:\n    on: \"off\"   # keep\n", "")], |root| {
        root.get_mut("metadata").unwrap().remove("annotations");
    });
    check(DEPLOYMENT, &[("- name: web\n            image", "- image")], |root| {
        container(root, 0).remove("name");
    });
    check(DEPLOYMENT, &[("labels: {app: web,  tier: 'front'}", "labels: {}")], |root| {
        root.set_at(&["metadata", "labels"], Node::mapping())
    });
}

#[test]
fn kinds_and_comments() {
    check(DEPLOYMENT, &[("replicas: 3", "replicas:\n      min: 1")], |root| {
        let mut range = Node::mapping();
        range.set("min", Node::integer(1));
        root.set_at(&["spec", "replicas"], range);
    });
    check(DEPLOYMENT, &[("annotations:\n    on: \"off\"   # keep\n", "annotations: none\n")], |root| {
        root.set_at(&["metadata", "annotations"], Node::string("none"))
    });
    check(DEPLOYMENT, &[("# pinned", "# kpt-set: ${image}")], |root| {
        container(root, 0).get_mut("image").unwrap().comments.line = Some(" kpt-set: ${image}".to_owned());
    });
    check(DEPLOYMENT, &[("replicas: 3", "replicas: 4 # new")], |root| {
        let mut value = Node::integer(4);
        value.comments.line = Some(" new".to_owned());
        root.set_at(&["spec", "replicas"], value);
    });
    check(
        DEPLOYMENT,
        &[("image: nginx:1.25  # pinned", "image: | # pinned\n              a\n              b")],
        |root| {
            container(root, 0).set("image", Node::string("a\nb\n"));
        },
    );
}

#[test]
fn json_stays_json() {
    let text = "{\n    \"a\": 1,\n    \"b\": {\"c\": [1, 2]},\n    \"d\": []\n}\n";
    check(text, &[("\"a\": 1", "\"a\": \"on\"")], |root| root.set("a", Node::string("on")));
    check(text, &[("\"d\": []\n", "\"d\": [],\n    \"e\": {\n        \"f\": true\n    }\n")], |root| {
        root.set_at(&["e", "f"], Node::boolean(true));
    });
    check(text, &[("[1, 2]", "[2]")], |root| {
        root.at_mut(&["b", "c"]).unwrap().as_sequence_mut().unwrap().remove(0);
    });
    check("{\"a\":1,\"b\":[1]}", &[("[1]", "[1,2],\"c\":{\"x\":1}")], |root| {
        root.get_mut("b").unwrap().as_sequence_mut().unwrap().push(Node::integer(2));
        root.set_at(&["c", "x"], Node::integer(1));
    });
}

#[test]
fn anchors_and_line_ends() {
    let text = "a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  own: 1\nd: 1 # d\n";
    check(text, &[("d: 1", "d: 2")], |root| root.set("d", Node::integer(2)));
    check(text, &[("own: 1", "own: 2")], |root| root.set_at(&["c", "own"], Node::integer(2)));
    check(text, &[("b: *x", "b: {p: 7, q: 2}")], |root| root.set_at(&["b", "p"], Node::integer(7)));
    check(
        text,
        &[
            ("p: 1", "p: 5"),
            ("b: *x", "b: {p: 1, q: 2}"),
            ("c:\n  <<: *x\n  own: 1", "c:\n  p: 1\n  q: 2\n  own: 1"),
        ],
        |root| root.set_at(&["a", "p"], Node::integer(5)),
    );
    let text = "a: 1\r\nb:\r\n- x\r\n- y # z\r\n\r\nc: |\r\n  l\r\n";
    check(text, &[("- x\r\n", "- x\r\n- m\r\n")], |root| {
        root.get_mut("b").unwrap().as_sequence_mut().unwrap().insert(1, Node::string("m"));
    });
    check(text, &[("  l\r\n", "  l\r\nd: 1\r\n")], |root| root.set("d", Node::integer(1)));
    check("a: 1", &[("a: 1", "a: 1\nb: 2")], |root| root.set("b", Node::integer(2)));
    check("a: 1\n---\nb: 1\n", &[("\n---\nb: 1\n", "\nc: 1\n")], |root| root.set("c", Node::integer(1)));
}

#[test]
fn comments_alone_stay_above_what_is_new() {
    assert_eq!(edited("# licence\n", |root| root.set("a", Node::integer(1))), "# licence\n\na: 1\n");
}

#[test]
fn the_deepest_tree_fits_a_small_stack() {
    let depth = Limits::default().max_depth;
    let work = move || {
        for (open, close) in [("- ", ""), ("[", "]"), ("{a: ", "}")] {
            let text = format!("{}x{}", open.repeat(depth), close.repeat(depth));
            let result = edited(&text, |root| {
                let mut node = root;
                while node.scalar_text().is_none() {
                    node = match &mut node.value {
                        manifest::Value::Sequence(items) => &mut items[0],
                        manifest::Value::Mapping(entries) => &mut entries[0].value,
                        manifest::Value::Scalar(_) => unreachable!(),
                    };
                }
                *node = Node::string("deep");
            });
            assert!(result.contains("deep"));
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}

/// Many edits in one document, which must not cost more than one after the other.
#[test]
fn many_additions_and_removals() {
    let text: String = "b:\n  # c\n".to_owned()
        + &"\n".repeat(100_000)
        + "  a: 1\n  z: 1\n"
        + &(0..5_000).map(|it| format!("  # h\n  k{it}: 1\n")).collect::<String>();
    let result = edited(&text, |root| {
        let entries = root.get_mut("b").unwrap().as_mapping_mut().unwrap();
        entries.retain(|entry| !entry.name().starts_with('k'));
        let new = (0..5_000).map(|it| manifest::Entry::new(&format!("n{it}"), Node::integer(it)));
        entries.splice(0..0, new);
    });
    assert!(result.starts_with("b:\n  n0: 0\n") && result.ends_with("\n  a: 1\n  z: 1\n"));
}
