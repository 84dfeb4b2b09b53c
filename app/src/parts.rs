//! What a workspace is made of, whichever scenario it runs: steps with a module and a text of settings, and texts.
//!
//! The steps of a request are its modules in the order in which a request meets them, which is also the order of
//! its report. Refuses to move a module out of its chain.

use engine::report::Stage;
use engine::request::File;
use serde_json::{Value as Json, json};

use crate::draft::{Draft, Kind, path};

/// Whether nothing was opened or written yet.
#[must_use]
pub fn is_blank(draft: &Draft) -> bool {
    draft.title.is_empty()
        && draft.modules.is_empty()
        && draft.cases.is_empty()
        && draft.files.is_empty()
        && draft.kind == Kind::Pipeline
}

/// A step, as rows and lists show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub title: String,
    /// Its module.
    pub module: String,
    /// Whether it is switched off.
    pub off: bool,
    /// Its configuration or settings.
    pub text: String,
    /// A pipeline's: whether it is a validator.
    pub validator: bool,
    /// A request's: where it is asked.
    pub stage: Option<Stage>,
    /// Whether its module's metadata may say that it mutates: the workspace does not.
    pub phase_is_open: bool,
}

/// All steps, in the order in which they run.
#[must_use]
pub fn steps(draft: &Draft) -> Vec<Part> {
    places(draft).into_iter().filter_map(|place| part_at(draft, place)).collect()
}

/// A step, as rows and lists show it.
#[must_use]
pub fn part(draft: &Draft, index: usize) -> Option<Part> {
    part_at(draft, *places(draft).get(index)?)
}

fn part_at(draft: &Draft, place: Place) -> Option<Part> {
    let step = at(draft, place)?;
    Some(Part {
        title: title(step).to_owned(),
        module: path::text(step, "module").to_owned(),
        off: is_off(step),
        text: path::text(step, text_key(draft)).to_owned(),
        validator: path::text(step, "role") == "validator",
        stage: place.stage,
        phase_is_open: place.chain == "admission" && path::get(step, "mutating").is_null(),
    })
}

fn is_off(step: &Json) -> bool {
    path::get(step, "off") == &Json::Bool(true)
}

/// The names of the modules that steps need, those of groups too; also of steps that are switched off, or not.
#[must_use]
pub fn modules(draft: &Draft, also_off: bool) -> Vec<String> {
    let steps = places(draft).into_iter().filter_map(|place| at(draft, place));
    let wanted = steps.filter(|step| also_off || !is_off(step));
    let names = wanted.flat_map(|step| {
        let members = path::get(step, "policies").as_object().into_iter().flat_map(|all| all.values());
        std::iter::once(step).chain(members).map(|step| path::text(step, "module").to_owned())
    });
    let mut names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    names
}

/// How many steps there are.
#[must_use]
pub fn step_count(draft: &Draft) -> usize {
    places(draft).len()
}

/// A step.
#[must_use]
pub fn step(draft: &Draft, index: usize) -> Option<&Json> {
    at(draft, *places(draft).get(index)?)
}

/// A step, to be changed.
pub fn step_mut(draft: &mut Draft, index: usize) -> Option<&mut Json> {
    let Place { chain, index, .. } = *places(draft).get(index)?;
    if chain.is_empty() {
        let program = program(draft);
        return path::place(&mut draft.body, program);
    }
    path::list_mut(&mut draft.body, chain)?.get_mut(index)
}

/// Where a plugin's module is named.
fn program(draft: &Draft) -> &'static str {
    if draft.kind == Kind::Krew { "command" } else { "" }
}

/// What reports call a step: its name, or its module's.
#[must_use]
pub fn title(step: &Json) -> &str {
    let group = if path::get(step, "policies").is_null() { "" } else { "group" };
    let names = [path::text(step, "name"), path::text(step, "module"), group];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

/// The configuration of a step, or the settings of a module, to be changed.
pub fn config_mut(draft: &mut Draft, index: usize) -> Option<&mut String> {
    let key = text_key(draft);
    path::text_mut(step_mut(draft, index)?, key)
}

fn text_key(draft: &Draft) -> &'static str {
    if draft.kind == Kind::Pipeline { "config" } else { "settings" }
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    stage: Option<Stage>,
    /// The list that it is in.
    chain: &'static str,
    index: usize,
}

fn places(draft: &Draft) -> Vec<Place> {
    let of_chain = |stage, chain, wanted: fn(&Json) -> bool| {
        let steps = path::list(&draft.body, chain).iter().enumerate();
        steps.filter(move |(_, step)| wanted(step)).map(move |(index, _)| Place { stage, chain, index })
    };
    if draft.kind == Kind::Pipeline {
        return of_chain(None, "steps", |_| true).collect();
    }
    if draft.kind.is_plugin() {
        return vec![Place { stage: None, chain: "", index: 0 }];
    }
    of_chain(Some(Stage::Authentication), chain(Stage::Authentication), |_| true)
        .chain(of_chain(Some(Stage::Authorization), chain(Stage::Authorization), |_| true))
        .chain(of_chain(Some(Stage::Mutating), chain(Stage::Mutating), mutates))
        .chain(of_chain(Some(Stage::Validating), chain(Stage::Validating), |step| !mutates(step)))
        .collect()
}

/// The list of a stage's modules.
#[must_use]
pub fn chain(stage: Stage) -> &'static str {
    match stage {
        Stage::Authentication => "authenticators",
        Stage::Authorization => "authorizers",
        _ => "admission",
    }
}

/// Whether a module is called in the mutating phase.
#[must_use]
pub fn mutates(step: &Json) -> bool {
    path::get(step, "mutating") == &Json::Bool(true)
}

fn at(draft: &Draft, place: Place) -> Option<&Json> {
    if place.chain.is_empty() {
        return Some(path::get(&draft.body, program(draft)));
    }
    path::list(&draft.body, place.chain).get(place.index)
}

/// The stage at which a request's module is asked.
#[must_use]
pub fn stage(draft: &Draft, index: usize) -> Option<Stage> {
    places(draft).get(index)?.stage
}

/// Adds a step, to a request in the chain of a stage, and gives its index.
pub fn add_step(draft: &mut Draft, stage: Option<Stage>, mut step: Json) -> Option<usize> {
    if stage == Some(Stage::Mutating) {
        path::set(&mut step, "mutating", true.into());
    }
    let key = stage.map_or("steps", chain);
    let list = path::list_mut(&mut draft.body, key)?;
    list.push(step);
    let last = list.len().saturating_sub(1);
    places(draft).iter().position(|place| (place.chain, place.index) == (key, last))
}

/// A rule for every object that is made or changed: without a rule, a module is never asked.
#[must_use]
pub fn every_object() -> Json {
    json!({"operations": ["CREATE", "UPDATE"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]})
}

/// Removes a step.
pub fn remove_step(draft: &mut Draft, index: usize) {
    let Some(Place { chain, index, .. }) = places(draft).get(index).copied() else { return };
    // A plugin without a module is none: another one takes its place.
    if chain.is_empty() {
        return;
    }
    if let Some(list) = path::list_mut(&mut draft.body, chain).filter(|list| index < list.len()) {
        list.remove(index);
    }
}

/// Where a step would be, moved one place; -1 is earlier. None at the end of its chain.
#[must_use]
pub fn moved(draft: &Draft, index: usize, by: isize) -> Option<usize> {
    let to = index.checked_add_signed(by).filter(|to| *to < step_count(draft))?;
    (stage(draft, index) == stage(draft, to)).then_some(to)
}

/// Lets two steps of one chain change places.
pub fn swap_steps(draft: &mut Draft, one: usize, other: usize) {
    let places = places(draft);
    let (Some(one), Some(other)) = (places.get(one), places.get(other)) else { return };
    if let Some(list) = path::list_mut(&mut draft.body, one.chain).filter(|_| one.chain == other.chain) {
        list.swap(one.index, other.index);
    }
}

/// The names of the texts of what is run, as places name them, and as they are shown.
#[must_use]
pub fn names(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Pipeline => &[],
        Kind::Request => &[
            ("object", "Object"),
            ("oldObject", "Old object"),
            ("review", "AdmissionReview"),
            ("raw", "Raw"),
        ],
        Kind::Krew => &[("command.stdin", "stdin")],
        Kind::Dashboard => &[("manifest", "plugin.yml")],
        Kind::Service => &[("proto", "Messages (.proto)")],
    }
}

/// The texts of what is run as files, each with its name for a path.
#[must_use]
pub fn texts(draft: &Draft) -> Vec<File> {
    let file = |(key, _): &(&str, _)| File { path: (*key).into(), text: path::text(&draft.body, key).into() };
    names(draft.kind).iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use engine::workspace::Workspace;

    use super::*;

    const REQUEST: &str = "drydock: 1
modules: [{name: m, wat: (module)}]
request:
  authenticators: [{module: m, name: a}]
  admission: [{module: m, name: v1}, {module: m, name: m1, mutating: true}, {module: m, name: v2}]
";

    fn draft(text: &str) -> Draft {
        Draft::from_json(Workspace::json_from_yaml(text).unwrap()).unwrap()
    }

    fn titles(draft: &Draft) -> Vec<String> {
        steps(draft).into_iter().map(|part| part.title).collect()
    }

    #[test]
    fn modules_stand_as_a_request_meets_them() {
        let mut draft = draft(REQUEST);
        assert_eq!(titles(&draft), ["a", "m1", "v1", "v2"]);
        assert_eq!(stage(&draft, 1), Some(Stage::Mutating));
        let entry = json!({"module": "m", "name": "z"});
        assert_eq!(add_step(&mut draft, Some(Stage::Authorization), entry), Some(1));
        remove_step(&mut draft, 2);
        assert_eq!(titles(&draft), ["a", "z", "v1", "v2"]);
    }

    #[test]
    fn modules_move_within_their_chain() {
        let mut draft = draft(REQUEST);
        let ways = [(0, -1), (0, 1), (1, 1), (2, 1), (3, 1)];
        assert_eq!(ways.map(|(index, by)| moved(&draft, index, by)), [None, None, None, Some(3), None]);
        swap_steps(&mut draft, 2, 3);
        assert_eq!(titles(&draft), ["a", "m1", "v2", "v1"]);
    }

    #[test]
    fn a_group_needs_the_modules_of_its_members() {
        let text = "drydock: 1\nmodules: [{name: m, wat: (module)}]\nrequest: {admission: [{expression: a(), policies: {a: {module: m}}}]}\n";
        assert_eq!(
            (modules(&draft(text), false), titles(&draft(text))),
            (vec!["m".into()], vec!["group".into()])
        );
    }

    #[test]
    fn a_pipeline_has_the_same_parts() {
        let text = "drydock: 1\nmodules: [{name: m, wat: (module)}]\npipeline: {files: [{path: a, text: x}], steps: [{module: m}, {module: m, name: n}]}\n";
        let mut draft = draft(text);
        assert_eq!((titles(&draft), draft.files.len()), (vec!["m".into(), "n".into()], 1));
        *config_mut(&mut draft, 1).unwrap() = "a: 1".into();
        swap_steps(&mut draft, 0, 1);
        assert_eq!(steps(&draft).first().unwrap().text, "a: 1");
        remove_step(&mut draft, 0);
        assert_eq!(titles(&draft), ["m"]);
    }
}
