//! Reading and writing back: values, styles and comments survive `emit`, and `emit` settles at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use manifest::{Limits, SequenceIndent, emit, parse};

const TRICKY: &str = "# licence\n\n# about the object\napiVersion: v1 # line\nkind: ConfigMap\nmetadata: # on the key\n  # first\n  name: a\n  # below name\n\n  labels: {a: b, \"c\": 'd'}\n  # foot of metadata\ndata: !!map\n  text: | # header\n    one\n      two\n\n  keep: |+\n    x\n\n\n  fold: >-\n    a\n    b\n  empty:\n  q: \"on\"\n  t: !!str 12\n  # list\n  list:\n  # first item\n  - a # one\n  -\n  - # nested\n    x: 1\n    y: 2\n  - - p\n    - q\n  # above the last\n  - name: z\n    v: [1, 2]\n# the end of the list?\nlast: &x {a: 1}\nalias: *x\n? explicit\n: value\n\n# the very end\n";

#[test]
fn tricky_text_survives() {
    let docs = parse(TRICKY, &Limits::default()).unwrap();
    let root = &docs[0].root;
    for wide in [SequenceIndent::Compact, SequenceIndent::Wide] {
        let once = emit(root, wide);
        println!("{once}");
        let again = parse(&once, &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{once}"));
        assert!(again[0].root.same(root), "{once}");
        let twice = emit(&again[0].root, wide);
        assert_eq!(once, twice);
        let comments = |text: &str| text.matches('#').count();
        assert_eq!(comments(TRICKY), comments(&once));
    }
}
