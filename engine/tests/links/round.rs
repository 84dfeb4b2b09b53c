//! A workspace that is shared comes back as it was, in few characters.
//!
//! Holds no frozen data: see `frozen`.

use engine::link::{self, LinkError};
use engine::request::File;
use engine::workspace::Workspace;
use miniz_oxide::deflate::compress_to_vec;

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
    let yaml = workspace.to_yaml().unwrap();
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
    let noise: String = super::bad::Noise(1).letters(200_000);
    assert!(matches!(with(noise), Err(LinkError::TooLong(length)) if length > link::MAX_LINK_CHARS));
}
