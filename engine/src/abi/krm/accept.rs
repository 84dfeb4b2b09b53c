//! Rules on a function's answer: takes it whole, or refuses it and leaves the package as it was.
//!
//! It never deletes silently and never writes outside the package. A function's own failure comes first; an
//! answer that cannot be used comes second; results are read in either case.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::answer::{self, List, Refusal};
use super::changes::{self, Changes};
use super::document::title;
use super::draft::{self, Draft};
use super::list::Request;
use super::package::{Package, Resource};
use super::{path, results};
use crate::report::{FieldChange, KrmResult, Outcome, OutcomeKind, Severity};
use crate::request::{PipelineStep, Role};
use crate::words;

/// The most results that are kept of one step: more than a person reads, small enough to send.
pub const MAX_RESULTS: usize = 1_000;

/// The most notes of one step, for the same reason; the last one then counts the rest.
pub const MAX_NOTES: usize = 100;

/// What a function's guest left behind.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// All of stdout.
    pub stdout: &'a [u8],
    /// What was kept of stderr.
    pub stderr: &'a str,
    /// Its exit code; `None` when it did not come to its end.
    pub exit: Option<i32>,
}

/// What became of an answer.
#[derive(Debug)]
pub struct Accepted {
    /// `Ok` when the answer was taken. Otherwise the package is as it was.
    pub outcome: Result<(), Outcome>,
    /// The results it holds, also of a failure, at most [`MAX_RESULTS`].
    pub results: Vec<KrmResult>,
    /// What the host has to say, at most [`MAX_NOTES`].
    pub notes: Vec<String>,
    /// The fields that changed, at most [`crate::report::MAX_CHANGES`]. None of a validator.
    pub changes: Vec<FieldChange>,
    /// How many fields changed in all.
    pub change_count: u64,
    /// How many items came back.
    pub items_out: u64,
}

/// An answer that was understood, and what it makes of the package.
struct Taken {
    package: Package,
    changes: Changes,
}

impl Package {
    /// Takes a function's answer to `request`, or refuses it.
    ///
    /// The outcome is `Exited` for an exit code other than 0, `Trapped` for a guest that did not come to its
    /// end (its own outcome says more), and `Malformed` for an answer that cannot be used.
    pub fn accept(&mut self, step: &PipelineStep, request: Request, answer: &Answer<'_>) -> Accepted {
        let mut accepted = Accepted {
            outcome: Ok(()),
            results: Vec::new(),
            notes: request.notes.clone(),
            changes: Vec::new(),
            change_count: 0,
            items_out: 0,
        };
        let mut list = answer::read(answer.stdout);
        if let Ok(Some(list)) = &mut list {
            accepted.items_out = list.items.len() as u64;
            accepted.notes.append(&mut list.notes);
            if let Some(node) = list.results.take() {
                let (results, notes) = results::read(&node, self, &request);
                accepted.results = results;
                accepted.notes.extend(notes);
            }
        }
        let subject = format!("step {}, `{}`,", request.step + 1, step.title());
        accepted.outcome = match answer.exit {
            Some(0) => self.settle(step, &request, list, &mut accepted).map_err(|refusal| {
                let message = format!("{subject} {}", refusal.cause);
                Outcome::new(OutcomeKind::Malformed, message).with_hint(refusal.hint)
            }),
            Some(code) => Err(exited(&subject, code, &errors(&accepted.results), answer.stderr)),
            None => Err(Outcome::new(OutcomeKind::Trapped, format!("{subject} did not come to its end"))),
        };
        if accepted.outcome.is_ok() && accepted.results.iter().any(|it| it.severity == Severity::Error) {
            let note = "it reports an error but exited with code 0: as in kpt, the run goes on";
            accepted.notes.push(note.into());
        }
        cap(&mut accepted.notes);
        accepted
    }

    fn settle(
        &mut self,
        step: &PipelineStep,
        request: &Request,
        list: Result<Option<List>, Refusal>,
        accepted: &mut Accepted,
    ) -> Result<(), Refusal> {
        let Some(list) = list? else { return self.nothing(step, request, accepted) };
        let (drafts, notes) = draft::read(list.items, self, request)?;
        accepted.notes.extend(notes);
        let Taken { package, changes } = self.take(request, drafts)?;
        if step.role == Role::Validator {
            if changes.count > 0 {
                let count = words::count(changes.count, "change");
                accepted
                    .notes
                    .push(format!("it made {count}, which are discarded: a validator changes nothing"));
            }
            return Ok(());
        }
        accepted.notes.extend(changes.notes);
        accepted.notes.extend(changes::emptied(self, &package));
        accepted.changes = changes.listed;
        accepted.change_count = changes.count;
        *self = package;
        Ok(())
    }

    /// Nothing was printed. kpt takes that for a list without items, and deletes every file.
    fn nothing(
        &self,
        step: &PipelineStep,
        request: &Request,
        accepted: &mut Accepted,
    ) -> Result<(), Refusal> {
        if step.role == Role::Validator || request.sent.is_empty() {
            accepted.notes.push("it printed nothing, where it should print the ResourceList".into());
            return Ok(());
        }
        let given = request.sent.iter().filter_map(|at| self.resources.get(*at));
        let files: BTreeSet<_> = given.map(|resource| format!("`{}`", resource.path)).collect();
        let named = files.iter().take(NAMED_FILES).cloned().collect::<Vec<_>>().join(", ");
        let more = match files.len().checked_sub(NAMED_FILES) {
            None | Some(0) => String::new(),
            Some(more) => format!(" and {more} more"),
        };
        Err(Refusal::new(
            format!(
                "printed nothing: kpt would delete everything it was given, {} in {named}{more}",
                words::count(request.items, "resource")
            ),
            "print the ResourceList to stdout, also when nothing changes; to delete on purpose, answer with `items: []`",
        ))
    }

    fn take(&self, request: &Request, drafts: Vec<Draft>) -> Result<Taken, Refusal> {
        let changes = changes::between(self, request, &drafts);
        let resources = self.merge(request, drafts);
        self.check(&resources)?;
        Ok(Taken { package: self.with(resources), changes })
    }

    /// In kpt's order: what a selection left out stays in its place and new resources go to the end; without
    /// a selection the order is the function's.
    fn merge(&self, request: &Request, drafts: Vec<Draft>) -> Vec<Arc<Resource>> {
        let keep = |draft: Draft| {
            let before = draft.input.filter(|_| draft.is_successor).and_then(|at| self.resources.get(at));
            match before.filter(|before| is_as_before(before, &draft.resource)) {
                Some(before) => Arc::clone(before),
                None => Arc::new(draft.resource),
            }
        };
        if !request.is_partial {
            return drafts.into_iter().map(keep).collect();
        }
        let mut slots: Vec<_> = self.resources.iter().cloned().map(Some).collect();
        for at in &request.sent {
            if let Some(slot) = slots.get_mut(*at) {
                *slot = None;
            }
        }
        let mut new = Vec::new();
        for draft in drafts {
            match draft.input.filter(|_| draft.is_successor).and_then(|at| slots.get_mut(at)) {
                Some(slot) => *slot = Some(keep(draft)),
                None => new.push(keep(draft)),
            }
        }
        slots.into_iter().flatten().chain(new).collect()
    }

    /// Refuses two resources at one place, and files that no disk could hold.
    fn check(&self, resources: &[Arc<Resource>]) -> Result<(), Refusal> {
        let mut places: HashMap<(&str, Option<i64>), &Resource> = HashMap::with_capacity(resources.len());
        for resource in resources {
            if let Some(other) = places.insert((&resource.path, resource.index), resource) {
                return Err(collision(other, resource));
            }
        }
        let is_foreign = |path: &str| !path::is_manifest(path) && self.texts.contains_key(path);
        let known: BTreeSet<_> = self.sources.iter().map(|source| source.path.as_str()).collect();
        if let Some(resource) =
            resources.iter().find(|it| is_foreign(&it.path) && known.contains(it.path.as_str()))
        {
            let (title, path) = (title(&resource.reference), &resource.path);
            let cause = format!("wants to write {title} over `{path}`, which holds no manifests");
            return Err(Refusal::new(cause, "give it a path of its own that ends in `.yaml`"));
        }
        let paths = known.into_iter().chain(resources.iter().map(|it| it.path.as_str())).collect();
        match path::file_and_folder(&paths) {
            None => Ok(()),
            Some((folder, path)) => Err(Refusal::new(
                format!("makes `{folder}` a file and the folder of `{path}`"),
                "change one of the paths",
            )),
        }
    }
}

/// How many files the message about an empty answer names.
const NAMED_FILES: usize = 5;

fn is_as_before(before: &Resource, after: &Resource) -> bool {
    before.text == after.text
        && before.path == after.path
        && before.index == after.index
        && before.origin == after.origin
}

fn collision(a: &Resource, b: &Resource) -> Refusal {
    let place = match a.index {
        Some(index) => format!("at index {index} of `{}`", a.path),
        None => format!("without an index into `{}`", a.path),
    };
    Refusal::new(
        format!("puts two resources {place}: {} and {}", title(&a.reference), title(&b.reference)),
        "give one of them another path or index annotation, or another name; kpt refuses this too",
    )
}

/// `step 2, set-labels, exited with code 1: ` and its error results, or the last line of stderr.
pub(super) fn exited(subject: &str, code: i32, errors: &[String], stderr: &str) -> Outcome {
    let errors: Vec<_> = errors.iter().map(|error| error.trim()).collect();
    let last = stderr.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let cause = match (errors.as_slice(), last) {
        ([], None) => String::new(),
        ([], Some(line)) => format!(": {line}"),
        (errors, _) => {
            let more = match errors.len().checked_sub(NAMED_ERRORS) {
                None | Some(0) => String::new(),
                Some(more) => format!("; and {}", words::count(more as u64, "more error")),
            };
            format!(": {}{more}", errors.get(..NAMED_ERRORS).unwrap_or(errors).join("; "))
        }
    };
    let mut outcome = Outcome::new(OutcomeKind::Exited, format!("{subject} exited with code {code}{cause}"));
    outcome.code = Some(code);
    outcome
}

fn errors(results: &[KrmResult]) -> Vec<String> {
    results.iter().filter(|it| it.severity == Severity::Error).map(|it| it.message.clone()).collect()
}

/// How many error results the message of a failure repeats; all of them are in the report.
const NAMED_ERRORS: usize = 3;

fn cap(notes: &mut Vec<String>) {
    if notes.len() > MAX_NOTES {
        let rest = notes.len() - (MAX_NOTES - 1);
        notes.truncate(MAX_NOTES - 1);
        notes.push(format!("and {}", words::count(rest as u64, "more note")));
    }
}
