//! A workspace as this browser keeps it: JSON, and each large text apart, under a name that follows from what it
//! says. A text that was not changed keeps its name, so a word in a configuration does not write ten thousand
//! manifests anew.
//!
//! Refuses to guess: where a text is not there any more, the workspace cannot be read.

use std::hash::{DefaultHasher, Hash, Hasher};

use engine::json;

use crate::draft::Draft;
use crate::protocol::texts::Texts;

/// What the names of texts begin with.
pub const NAMED: &str = "text ";

/// From how many bytes on a text is kept apart: below, one more value costs more than writing the text again.
const LARGE: usize = 64 << 10;

/// A workspace, taken apart.
pub struct Kept {
    /// The workspace without its large texts.
    pub json: String,
    /// The large texts.
    pub texts: Vec<KeptText>,
}

/// A large text.
pub struct KeptText {
    /// Which of the workspace's texts it is.
    pub at: usize,
    /// Its name: equal for equal texts, and but for one chance in 2^64 only for those.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Takes a workspace apart.
#[must_use]
pub fn take_apart(workspace: &Draft) -> Kept {
    let mut rest = workspace.clone();
    let large = rest.texts().into_iter().enumerate().filter(|(_, text)| text.len() >= LARGE);
    let texts =
        large.map(|(at, text)| KeptText { at, name: name_of(text), text: std::mem::take(text) }).collect();
    // Every value of this type is a JSON value.
    Kept { json: json::write(&rest), texts }
}

/// Puts a workspace together from its text, which is JSON, and its large texts by place, `None` for one that is not there.
///
/// # Errors
/// A sentence when the JSON is no workspace, or a text is missing.
pub fn put_together(text: &str, texts: &[(usize, Option<String>)]) -> Result<Draft, String> {
    let mut workspace: Draft = json::read(text).map_err(|error| error.to_string())?;
    let mut places = workspace.texts();
    for (at, text) in texts {
        match (places.get_mut(*at), text) {
            (Some(place), Some(text)) => text.clone_into(place),
            _ => return Err(format!("its text {at} is missing")),
        }
    }
    Ok(workspace)
}

fn name_of(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{NAMED}{:x}-{:016x}", text.len(), hasher.finish())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use engine::request::File;

    use super::*;

    fn workspace(texts: &[&str]) -> Draft {
        let mut workspace = Draft::empty();
        let file = |(index, text): (usize, &&str)| File { path: index.to_string(), text: (*text).into() };
        workspace.files = texts.iter().enumerate().map(file).collect();
        workspace
    }

    #[test]
    fn comes_back_as_it_was() {
        let large = "ü: 1\n".repeat(LARGE);
        for texts in [&[][..], &["a: 1"], &["a: 1", &large, "b", &large]] {
            let before = workspace(texts);
            let kept = take_apart(&before);
            assert_eq!(kept.texts.len(), texts.iter().filter(|text| text.len() >= LARGE).count());
            assert!(kept.json.len() < LARGE);
            let apart: Vec<_> = kept.texts.into_iter().map(|text| (text.at, Some(text.text))).collect();
            assert_eq!(put_together(&kept.json, &apart).unwrap(), before);
        }
    }

    #[test]
    fn a_name_follows_from_the_text_alone() {
        let [one, other] = ["a".repeat(LARGE), "b".repeat(LARGE)];
        let names = |texts: &[&str]| -> Vec<String> {
            take_apart(&workspace(texts)).texts.into_iter().map(|text| text.name).collect()
        };
        let known = names(&[&one, &other]);
        assert_ne!(known.first(), known.last());
        assert_eq!(names(&["small", &other, &one]), known.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn says_what_is_missing() {
        let kept = take_apart(&workspace(&["x"]));
        for texts in [vec![(0, None)], vec![(1, Some("y".into()))]] {
            assert!(put_together(&kept.json, &texts).unwrap_err().ends_with("is missing"));
        }
        assert!(put_together("{}", &[]).unwrap_err().contains("drydock"));
    }
}
