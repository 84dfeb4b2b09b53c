//! A workspace that is shared comes back as it was, in few characters.
//!
//! Holds no frozen data: see `frozen`.

use engine::link::{self, LinkError};
use engine::request::File;
use engine::workspace::Workspace;
use engine::workspace::case::{Case, Change};
use miniz_oxide::deflate::compress_to_vec;

use super::bad::Noise;
use super::examples;

#[test]
fn every_example_comes_back() {
    for (name, workspace) in examples() {
        let link = link::encode(&workspace).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(link::decode(&link).unwrap(), workspace, "{name}");
        assert_eq!(link::decode(&format!("#{link}\n")).unwrap(), workspace, "{name} with a hash sign");
        assert!(link.len() < 8 << 10, "{name}: {} characters", link.len());
        assert_eq!(link::encode(&workspace).unwrap(), link, "{name} twice");
    }
}

/// What people write by hand is short, and there the dictionary counts most.
#[test]
fn the_dictionary_shortens_small_links() {
    let mut workspace = examples().remove("set-an-image").unwrap();
    workspace.cases.clear();
    workspace.pipeline.files.truncate(1);
    let link = link::encode(&workspace).unwrap();
    let yaml = workspace.to_yaml();
    let without = compress_to_vec(yaml.as_bytes(), 10).len() * 4 / 3 + link::PREFIX.len();
    assert!(link.len() * 100 < without * 92, "{} characters, {without} without a dictionary", link.len());
    assert!(link.len() < yaml.len(), "{} characters for {} bytes", link.len(), yaml.len());
}

#[test]
fn what_does_not_fit_is_not_shortened() {
    let with = |text: String| {
        let mut workspace = Workspace::empty();
        workspace.pipeline.files.push(File { path: "a.yaml".into(), text });
        link::encode(&workspace)
    };
    assert!(with("a: 1\n".repeat(50_000)).is_ok(), "repetition is cheap");
    assert_eq!(with("a: 1\n".repeat(300_000)), Err(LinkError::TooLarge));
    let noise: String = Noise(1).letters(200_000);
    assert!(matches!(with(noise), Err(LinkError::TooLong(length)) if length > link::MAX_LINK_CHARS));
}

/// Strings that YAML readers and writers have stumbled over.
const ODD: [&str; 32] = [
    "",
    " ",
    "~",
    "null",
    "on",
    "yes",
    "true",
    "0777",
    "1_000",
    "1e3",
    ".inf",
    "=",
    "<<",
    "- a",
    "? a",
    ": a",
    "a: b",
    "a #b",
    "#",
    "[",
    "{{",
    "*a",
    "&a",
    "!t",
    "|",
    ">-",
    "%x",
    "@x",
    "`x`",
    "'\"\\",
    "2001-01-01",
    "---",
];

/// Characters that need an escape somewhere, or that count as line ends.
const ENDS: [&str; 10] =
    ["\n", "\r\n", "\t", " \n", "\u{7}", "\u{85}", "\u{2028}", "\u{feff}", "\u{1f6a2}", "\n\n  "];

fn odd_text(noise: &mut Noise) -> String {
    let mut text = String::new();
    for _ in 0..noise.next() % 4 {
        text.push_str(ODD[noise.next() as usize % ODD.len()]);
        if noise.next().is_multiple_of(3) {
            text.push_str(ENDS[noise.next() as usize % ENDS.len()]);
        }
    }
    text
}

/// Whatever people type comes back, to the character.
#[test]
fn odd_texts_come_back() {
    let mut noise = Noise(5);
    for round in 0..2_000 {
        let mut workspace = Workspace::empty();
        workspace.title = odd_text(&mut noise);
        workspace.tags = (0..3).map(|_| odd_text(&mut noise)).collect();
        for number in 0..2 {
            let file = File { path: format!("{number}{}", odd_text(&mut noise)), text: odd_text(&mut noise) };
            workspace.pipeline.files.push(file);
        }
        let files = (0..4).map(|_| (odd_text(&mut noise), odd_text(&mut noise))).collect();
        workspace.cases.push(Case {
            name: odd_text(&mut noise),
            change: Change { files, ..Change::default() },
            expect: serde_json::from_str(r#"{"outcome": "finished"}"#).unwrap(),
        });
        let link = link::encode(&workspace).unwrap();
        let text = workspace.to_yaml();
        assert_eq!(link::decode(&link), Ok(workspace), "round {round}: {text}");
    }
}
