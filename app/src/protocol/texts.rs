//! The texts of messages, which cross beside them as one buffer of bytes. Within the JSON every character of ten
//! thousand manifests would be looked at on both sides, and the page would stand still meanwhile.
//!
//! Refuses to choose by size: one way for all texts is a way that every journey walks.

use engine::request::File;
use serde_json::Value as Json;

use super::{FromWorker, ToWorker};
use crate::draft::Draft;
use crate::seen::Seen;

/// What holds texts that may be large.
pub(crate) trait Texts {
    /// The texts, in an order that does not depend on what they say.
    fn texts(&mut self) -> Vec<&mut String>;
}

/// Takes the texts out, and gives their bytes one after the other, and how many bytes each has.
pub(crate) fn take(holder: &mut impl Texts) -> (Vec<u8>, Vec<u32>) {
    let taken: Vec<String> = holder.texts().into_iter().map(std::mem::take).collect();
    // A text of 4 GiB does not fit into the page's memory.
    let lengths = taken.iter().map(|text| u32::try_from(text.len()).unwrap_or(0)).collect();
    (taken.concat().into_bytes(), lengths)
}

/// Puts texts back where they were taken out. What is not UTF-8 becomes U+FFFD; what is not there stays empty.
pub(crate) fn put(holder: &mut impl Texts, bytes: &[u8], lengths: &[u32]) {
    let mut rest = bytes;
    for (text, length) in holder.texts().into_iter().zip(lengths) {
        let Some((this, others)) = rest.split_at_checked(*length as usize) else { return };
        *text = String::from_utf8_lossy(this).into_owned();
        rest = others;
    }
}

impl Texts for ToWorker {
    fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Self::Run { asked, .. } => asked.draft.texts(),
            Self::Read { text, .. } => vec![text],
            Self::Write { workspace, .. } => workspace.texts(),
            Self::Lint { files, .. } => of_files(files).collect(),
            Self::Fields { object: text, .. } | Self::Configure { text, .. } => vec![text],
            Self::Stop { .. } | Self::Inspect { .. } | Self::Unpack { .. } => Vec::new(),
        }
    }
}

impl Texts for FromWorker {
    fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Self::Done { report, .. } => report.texts(),
            Self::Workspace { workspace, .. } => workspace.texts(),
            Self::Written { written, .. } => vec![&mut written.text],
            _ => Vec::new(),
        }
    }
}

impl Texts for Draft {
    fn texts(&mut self) -> Vec<&mut String> {
        let cases = self.cases.iter_mut().flat_map(of_case);
        of_files(&mut self.files).chain(cases).collect()
    }
}

/// The files that a case changes, and those that it expects.
fn of_case(case: &mut Json) -> Vec<&mut String> {
    let mut texts = Vec::new();
    for (key, part) in case.as_object_mut().into_iter().flatten() {
        let files = part.get_mut("files").and_then(Json::as_object_mut);
        if key == "change" || key == "expect" {
            texts.extend(files.into_iter().flatten().filter_map(|(_, text)| match text {
                Json::String(text) => Some(text),
                _ => None,
            }));
        }
    }
    texts
}

impl Texts for Seen {
    fn texts(&mut self) -> Vec<&mut String> {
        self.steps.iter_mut().flat_map(|step| of_files(&mut step.files)).collect()
    }
}

fn of_files(files: &mut [File]) -> impl Iterator<Item = &mut String> {
    files.iter_mut().map(|file| &mut file.text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use engine::request::Budget;
    use engine::workspace::Workspace;

    use super::*;
    use crate::draft::Asked;
    use crate::protocol::{Form, Written};

    const WORKSPACE: &str = "drydock: 1
modules:
- name: m
  wat: (module)
pipeline:
  files:
  - path: a.yaml
    text: 'a: ü𝄞'
  - path: empty.yaml
    text: ''
  - path: b.yaml
    text: 'b: \"\\'
  steps:
  - module: m
    config: 'stays: here'
cases:
- name: c
  change:
    files:
      a.yaml: 'a: 2'
  expect:
    outcome: finished
    files:
      a.yaml: 'a: 3'
";

    #[track_caller]
    fn crosses(mut message: ToWorker, texts: usize) {
        let before = serde_json::to_string(&message).unwrap();
        let (bytes, lengths) = take(&mut message);
        assert_eq!(lengths.len(), texts);
        let small = serde_json::to_string(&message).unwrap();
        assert!(texts == 0 || !small.contains("a: "), "{small}");
        let mut read: ToWorker = serde_json::from_str(&small).unwrap();
        put(&mut read, &bytes, &lengths);
        assert_eq!(serde_json::to_string(&read).unwrap(), before);
    }

    #[test]
    fn texts_come_back_as_they_were() {
        let workspace = Draft::from_json(Workspace::json_from_yaml(WORKSPACE).unwrap()).unwrap();
        let asked = Box::new(Asked { draft: workspace.clone(), case: None, limits: Budget::default() });
        let files = workspace.files.clone();
        crosses(ToWorker::Run { id: 1, asked, modules: vec!["m".into()] }, 5);
        crosses(ToWorker::Lint { id: 2, files }, 3);
        crosses(ToWorker::Write { id: 3, form: Form::Link, workspace: Box::new(workspace) }, 5);
        crosses(ToWorker::Read { id: 4, form: Form::File, text: "a: 1".into() }, 1);
        crosses(ToWorker::Stop { id: 5 }, 0);
    }

    #[test]
    fn what_is_cut_or_broken_is_still_read() {
        let written = Written { text: "abc".into(), warnings: Vec::new() };
        let read = |bytes: &[u8], lengths: &[u32]| {
            let mut message = FromWorker::Written { id: 1, written: written.clone() };
            put(&mut message, bytes, lengths);
            message.texts().first().map(|text| text.to_string())
        };
        assert_eq!(read(b"x\xff", &[2]).unwrap(), "x\u{fffd}");
        assert_eq!(read(b"x", &[2]).unwrap(), "abc");
        assert_eq!(read(b"", &[]).unwrap(), "abc");
    }
}
