//! Many generated documents and edits: whatever changes, the spliced text reads as the changed tree, and
//! what did not change stays byte for byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use manifest::{Entry, Limits, Node, SequenceIndent, Value, emit, parse, splice};

/// A small generator with a fixed sequence for every seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const STRINGS: [&str; 30] = [
    "web",
    "on",
    "1_000",
    "a: b",
    "# no",
    "it's",
    "two\nlines\n",
    "two\nlines",
    "keep\n\n",
    "",
    " lead",
    "trail ",
    "a, b",
    "{x}",
    "~",
    "0x1F",
    "2001-01-01",
    "\ttab",
    "üñí",
    "a #b",
    "- dash",
    "long words that go on and on",
    "\u{1}ctl",
    "quote\"d",
    "back\\slash",
    "*star",
    "&amp",
    "!bang",
    "a\n\n\nb\n",
    "\n",
];
const PLAINS: [&str; 10] = ["1", "true", "null", "0777", "yes", "1.5", "~", "", "-3", "1e3"];
const NAMES: [&str; 12] =
    ["name", "kind", "image", "spec", "on", "a.b/c", "1", "x y", "labels", "args", "é", "very-long-name"];

/// Text with all the ways to write a value, at a given indentation.
fn document(dice: &mut Dice) -> String {
    let mut out = String::new();
    if dice.roll(4) == 0 {
        out.push_str("# licence\n\n");
    }
    mapping(dice, 0, 3, &mut out);
    if dice.roll(4) == 0 {
        out.push_str("\n# the end\n");
    }
    if dice.roll(6) == 0 {
        out = out.trim_end().to_owned();
    }
    if dice.roll(5) == 0 {
        out = out.replace('\n', "\r\n");
    }
    out
}

fn noise(dice: &mut Dice, indent: usize, out: &mut String) {
    match dice.roll(9) {
        0 => out.push('\n'),
        1 => *out += &format!("{}# note {}\n", " ".repeat(indent), dice.roll(100)),
        2 => *out += &format!("\n{0}# far\n\n{0}# near\n", " ".repeat(indent)),
        _ => {}
    }
}

fn tail(dice: &mut Dice, out: &mut String) {
    if dice.roll(5) == 0 {
        *out += &format!("  # tail {}", dice.roll(100));
    }
    out.push('\n');
}

fn key_text(name: &str) -> String {
    if matches!(name, "on" | "1") { format!("\"{name}\"") } else { name.to_owned() }
}

fn mapping(dice: &mut Dice, indent: usize, depth: usize, out: &mut String) {
    let count = 1 + dice.roll(5);
    let offset = dice.roll(NAMES.len());
    for index in 0..count {
        if index > 0 || out.ends_with('\n') || out.is_empty() {
            noise(dice, indent, out);
            *out += &" ".repeat(indent);
        }
        *out += &format!("{}:", key_text(NAMES[(offset + index) % NAMES.len()]));
        value(dice, indent, depth, out, true);
    }
}

fn value(dice: &mut Dice, indent: usize, depth: usize, out: &mut String, is_entry: bool) {
    let pad = |extra: usize| " ".repeat(indent + extra);
    match dice.roll(if depth == 0 { 6 } else { 10 }) {
        0 => {
            *out += &format!(" {}", dice.pick(&PLAINS));
            tail(dice, out);
        }
        1 => {
            *out += " 'single ''quoted'''";
            tail(dice, out);
        }
        2 => {
            *out += &format!(" \"double {}\\n\"", dice.roll(9));
            tail(dice, out);
        }
        3 => {
            *out += &format!(" plain words {}", dice.roll(9));
            tail(dice, out);
        }
        4 => {
            let header = dice.pick(&["|", "|-", "|+", ">", ">-", "| # why"]);
            *out += &format!(" {header}\n{0}first\n\n{0}second\n", pad(2 + dice.roll(3)));
            if dice.roll(3) == 0 {
                out.push('\n');
            }
        }
        5 => {
            *out += " {a: 1, \"b\": [x, 'y', {z: 1}], c: }";
            tail(dice, out);
        }
        6 | 7 => {
            if is_entry {
                tail(dice, out);
                let indent = if dice.roll(2) == 0 { indent } else { indent + 2 };
                sequence(dice, indent, depth - 1, out);
            } else {
                out.push(' ');
                sequence(dice, indent + 2, depth - 1, out);
            }
        }
        _ => {
            let inner = indent + 2;
            if is_entry || dice.roll(3) == 0 {
                tail(dice, out);
            } else {
                out.push(' ');
            }
            mapping(dice, inner, depth - 1, out);
        }
    }
}

fn sequence(dice: &mut Dice, indent: usize, depth: usize, out: &mut String) {
    let is_named = dice.roll(3) == 0;
    for index in 0..1 + dice.roll(4) {
        if index > 0 || out.ends_with('\n') {
            noise(dice, indent, out);
            *out += &" ".repeat(indent);
        }
        out.push('-');
        if is_named {
            *out += &format!(" name: item-{index}\n{}port: {}\n", " ".repeat(indent + 2), dice.roll(9));
        } else {
            value(dice, indent, depth, out, false);
        }
    }
}

fn new_value(dice: &mut Dice, depth: usize) -> Node {
    match dice.roll(if depth == 0 { 3 } else { 6 }) {
        0 | 1 => Node::string(dice.pick(&STRINGS)),
        2 => Node::plain(dice.pick(&PLAINS)),
        3 => Node::sequence((0..dice.roll(3)).map(|_| new_value(dice, depth - 1)).collect()),
        _ => {
            let mut node = Node::mapping();
            for _ in 0..dice.roll(3) {
                node.set(dice.pick(&NAMES), new_value(dice, depth - 1));
            }
            node
        }
    }
}

fn mutate(dice: &mut Dice, node: &mut Node) {
    let go_deeper = dice.roll(4) != 0;
    match &mut node.value {
        Value::Mapping(entries) if !entries.is_empty() && go_deeper => {
            let at = dice.roll(entries.len());
            match dice.roll(8) {
                0 => drop(entries.remove(at)),
                1 | 2 => {
                    let name = format!("new{}", dice.roll(50));
                    if !entries.iter().any(|it| it.name() == name) {
                        entries.insert(at, Entry::new(&name, new_value(dice, 2)));
                    }
                }
                3 => entries.reverse(),
                _ => mutate(dice, &mut entries[at].value),
            }
        }
        Value::Sequence(items) if !items.is_empty() && go_deeper => {
            let at = dice.roll(items.len());
            match dice.roll(7) {
                0 => drop(items.remove(at)),
                1 | 2 => items.insert(at, new_value(dice, 2)),
                3 => items.swap(0, at),
                _ => mutate(dice, &mut items[at]),
            }
        }
        _ => *node = new_value(dice, 2),
    }
}

fn strip(node: &mut Node) {
    node.comments = manifest::Comments::default();
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(strip),
        Value::Mapping(entries) => entries.iter_mut().for_each(|entry| {
            strip(&mut entry.key);
            strip(&mut entry.value);
        }),
    }
}

#[test]
fn what_is_spliced_reads_as_what_was_wanted() {
    let limits = Limits::default();
    let mut parsed = 0;
    for seed in 0..6000 {
        let dice = &mut Dice(seed * 7919 + 1);
        let text = document(dice);
        let Ok(mut documents) = parse(&text, &limits) else { continue };
        parsed += 1;
        let document = documents.remove(0);
        assert_eq!(splice(&text, &document, &document.root), document.text(&text), "seed {seed}");
        let mut changed = document.root.clone();
        for _ in 0..=dice.roll(3) {
            mutate(dice, &mut changed);
        }
        if dice.roll(2) == 0 {
            strip(&mut changed);
        }
        let result = splice(&text, &document, &changed);
        let again = parse(&result, &limits)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}\n=>\n{result}"));
        assert!(
            again[0].root.same(&changed),
            "seed {seed}:\n{text}\n=>\n{result}\nwanted\n{}",
            emit(&changed, SequenceIndent::Compact)
        );
        for indent in [SequenceIndent::Compact, SequenceIndent::Wide] {
            let written = emit(&changed, indent);
            let read =
                parse(&written, &limits).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{written}"));
            assert!(read[0].root.same(&changed), "seed {seed}:\n{written}");
        }
    }
    assert!(parsed > 5000, "only {parsed} documents were valid");
}

#[test]
fn json_is_spliced_as_json() {
    let limits = Limits::default();
    for seed in 0..2000 {
        let dice = &mut Dice(seed * 104_729 + 7);
        let root = new_value(dice, 4);
        if root.scalar_text().is_some() {
            continue;
        }
        let text = manifest::emit_json(&root, dice.roll(2) == 0);
        let document = parse(&text, &limits).unwrap().remove(0);
        assert!(document.root.same(&root), "seed {seed}: {text}");
        let mut changed = document.root.clone();
        mutate(dice, &mut changed);
        let result = splice(&text, &document, &changed);
        let read: serde_json::Value = serde_json::from_str(&result)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}\n=>\n{result}"));
        assert_eq!(read, manifest::to_json(&changed), "seed {seed}: {text}\n=>\n{result}");
    }
}
