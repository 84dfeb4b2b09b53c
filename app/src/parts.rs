//! What a workspace is made of, whichever scenario it runs: files, and steps with a module and a text of settings.
//!
//! The steps of a request are its modules in the order in which a request meets them, which is also the order of
//! its report. Refuses to move a module out of its chain.

use engine::report::Stage;
use engine::request::{File, GateModule, GateRequest, Role, Rule};
use engine::workspace::Workspace;

/// The files: manifests of a pipeline, objects of a request's cluster.
#[must_use]
pub fn files(workspace: &Workspace) -> &Vec<File> {
    workspace.request.as_ref().map_or(&workspace.pipeline.files, |request| &request.objects)
}

/// The files, to be changed.
pub fn files_mut(workspace: &mut Workspace) -> &mut Vec<File> {
    match &mut workspace.request {
        Some(request) => &mut request.objects,
        None => &mut workspace.pipeline.files,
    }
}

/// Whether nothing was opened or written yet.
#[must_use]
pub fn is_blank(workspace: &Workspace) -> bool {
    workspace.title.is_empty()
        && workspace.modules.is_empty()
        && workspace.cases.is_empty()
        && workspace.request.is_none()
        && workspace.pipeline.files.is_empty()
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
}

/// All steps, in the order in which they run.
#[must_use]
pub fn steps(workspace: &Workspace) -> Vec<Part> {
    (0..step_count(workspace)).filter_map(|index| step(workspace, index)).collect()
}

/// The names of the modules that steps need, those of groups too; also of steps that are switched off, or not.
#[must_use]
pub fn modules(workspace: &Workspace, also_off: bool) -> Vec<String> {
    let of_step = |index| match entry(workspace, index) {
        Some(entry) => entry.modules().cloned().collect(),
        None => workspace
            .pipeline
            .steps
            .get(index)
            .map(|step| step.module.clone())
            .into_iter()
            .collect::<Vec<_>>(),
    };
    let is_wanted = |index: &usize| also_off || step(workspace, *index).is_some_and(|part: Part| !part.off);
    let mut names: Vec<String> = (0..step_count(workspace))
        .filter(is_wanted)
        .flat_map(of_step)
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// How many steps there are.
#[must_use]
pub fn step_count(workspace: &Workspace) -> usize {
    workspace.request.as_ref().map_or(workspace.pipeline.steps.len(), |request| {
        request.authenticators.len() + request.authorizers.len() + request.admission.len()
    })
}

/// A step.
#[must_use]
pub fn step(workspace: &Workspace, index: usize) -> Option<Part> {
    if workspace.request.is_some() {
        let (stage, entry) = (stage(workspace, index), entry(workspace, index)?);
        return Some(Part {
            title: entry.title().to_owned(),
            module: entry.module.clone(),
            off: entry.off,
            text: entry.settings.clone(),
            validator: false,
            stage,
        });
    }
    let step = workspace.pipeline.steps.get(index)?;
    Some(Part {
        title: step.title().to_owned(),
        module: step.module.clone(),
        off: step.off,
        text: step.config.clone(),
        validator: step.role == Role::Validator,
        stage: None,
    })
}

/// What every step has, to be changed.
#[derive(Debug)]
pub struct PartMut<'a> {
    /// Its name; empty for its module's.
    pub name: &'a mut String,
    /// Its module.
    pub module: &'a str,
    /// Whether it is switched off.
    pub off: &'a mut bool,
    /// Its configuration or settings.
    pub text: &'a mut String,
}

/// A step, to be changed.
pub fn step_mut(workspace: &mut Workspace, index: usize) -> Option<PartMut<'_>> {
    if workspace.request.is_some() {
        let GateModule { name, module, off, settings, .. } = entry_mut(workspace, index)?;
        return Some(PartMut { name, module, off, text: settings });
    }
    let step = workspace.pipeline.steps.get_mut(index)?;
    Some(PartMut { name: &mut step.name, module: &step.module, off: &mut step.off, text: &mut step.config })
}

/// Where a request's modules stand: the stage, and the place in its chain.
fn places(request: &GateRequest) -> Vec<(Stage, usize)> {
    let all = |stage, chain: &[GateModule]| (0..chain.len()).map(|index| (stage, index)).collect::<Vec<_>>();
    let mut places = all(Stage::Authentication, &request.authenticators);
    places.extend(all(Stage::Authorization, &request.authorizers));
    for (stage, mutating) in [(Stage::Mutating, true), (Stage::Validating, false)] {
        let admission = request.admission.iter().enumerate();
        places.extend(
            admission
                .filter(|(_, it)| (it.mutating == Some(true)) == mutating)
                .map(|(index, _)| (stage, index)),
        );
    }
    places
}

fn place(workspace: &Workspace, index: usize) -> Option<(Stage, usize)> {
    places(workspace.request.as_ref()?).get(index).copied()
}

/// The stage at which a request's module is asked.
#[must_use]
pub fn stage(workspace: &Workspace, index: usize) -> Option<Stage> {
    place(workspace, index).map(|(stage, _)| stage)
}

/// A module of a request.
#[must_use]
pub fn entry(workspace: &Workspace, index: usize) -> Option<&GateModule> {
    let (stage, index) = place(workspace, index)?;
    let request = workspace.request.as_ref()?;
    let chain = match stage {
        Stage::Authentication => &request.authenticators,
        Stage::Authorization => &request.authorizers,
        _ => &request.admission,
    };
    chain.get(index)
}

/// A module of a request, to be changed.
pub fn entry_mut(workspace: &mut Workspace, index: usize) -> Option<&mut GateModule> {
    let (stage, index) = place(workspace, index)?;
    chain_mut(workspace.request.as_mut()?, stage).get_mut(index)
}

fn chain_mut(request: &mut GateRequest, stage: Stage) -> &mut Vec<GateModule> {
    match stage {
        Stage::Authentication => &mut request.authenticators,
        Stage::Authorization => &mut request.authorizers,
        _ => &mut request.admission,
    }
}

/// Adds a module to a request, and gives its index.
pub fn add_entry(workspace: &mut Workspace, stage: Stage, mut entry: GateModule) -> Option<usize> {
    if stage == Stage::Mutating {
        entry.mutating = Some(true);
    }
    let request = workspace.request.as_mut()?;
    let chain = chain_mut(request, stage);
    chain.push(entry);
    let last = chain.len().saturating_sub(1);
    places(request).iter().position(|place| *place == (stage, last))
}

/// A rule for every object that is made or changed: without a rule, a module is never asked.
#[must_use]
pub fn every_object() -> Rule {
    let all = || vec!["*".to_owned()];
    let operations = vec!["CREATE".to_owned(), "UPDATE".to_owned()];
    Rule { operations, api_groups: all(), api_versions: all(), resources: all(), scope: None }
}

/// Removes a step.
pub fn remove_step(workspace: &mut Workspace, index: usize) {
    let place = place(workspace, index);
    match (&mut workspace.request, place) {
        (Some(request), Some((stage, index))) => drop(chain_mut(request, stage).remove(index)),
        (None, _) if index < workspace.pipeline.steps.len() => drop(workspace.pipeline.steps.remove(index)),
        _ => {}
    }
}

/// Where a step would be, moved one place; -1 is earlier. None at the end of its chain.
#[must_use]
pub fn moved(workspace: &Workspace, index: usize, by: isize) -> Option<usize> {
    let to = index.checked_add_signed(by).filter(|to| *to < step_count(workspace))?;
    (stage(workspace, index) == stage(workspace, to)).then_some(to)
}

/// Lets two steps of one chain change places.
pub fn swap_steps(workspace: &mut Workspace, one: usize, other: usize) {
    let places = (place(workspace, one), place(workspace, other));
    match (&mut workspace.request, places) {
        (Some(request), (Some((stage, one)), Some((_, other)))) => chain_mut(request, stage).swap(one, other),
        (None, _) => workspace.pipeline.steps.swap(one, other),
        _ => {}
    }
}

/// The names of a request's own texts, as places name them, and as they are shown.
pub const TEXTS: [(&str, &str); 4] =
    [("object", "Object"), ("oldObject", "Old object"), ("review", "AdmissionReview"), ("raw", "Raw")];

/// One of a request's own texts.
pub fn text_mut<'a>(request: &'a mut GateRequest, name: &str) -> &'a mut String {
    match name {
        "review" => &mut request.review,
        "raw" => &mut request.raw,
        "oldObject" => &mut request.old_object,
        _ => &mut request.object,
    }
}

/// A request's own texts as files, each with its name for a path.
#[must_use]
pub fn texts(workspace: &Workspace) -> Vec<File> {
    let file = |(path, text): (&str, &String)| File { path: path.into(), text: text.clone() };
    let texts = |it: &GateRequest| {
        [("object", &it.object), ("oldObject", &it.old_object), ("review", &it.review), ("raw", &it.raw)]
            .map(file)
    };
    workspace.request.iter().flat_map(|request| texts(request)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const REQUEST: &str = "drydock: 1
modules: [{name: m, wat: (module)}]
request:
  authenticators: [{module: m, name: a}]
  admission: [{module: m, name: v1}, {module: m, name: m1, mutating: true}, {module: m, name: v2}]
";

    fn titles(workspace: &Workspace) -> Vec<String> {
        steps(workspace).into_iter().map(|part| part.title).collect()
    }

    #[test]
    fn modules_stand_as_a_request_meets_them() {
        let mut workspace = Workspace::from_yaml(REQUEST).unwrap();
        assert_eq!(titles(&workspace), ["a", "m1", "v1", "v2"]);
        assert_eq!(stage(&workspace, 1), Some(Stage::Mutating));
        let entry = GateModule { module: "m".into(), name: "z".into(), ..GateModule::default() };
        assert_eq!(add_entry(&mut workspace, Stage::Authorization, entry), Some(1));
        remove_step(&mut workspace, 2);
        assert_eq!(titles(&workspace), ["a", "z", "v1", "v2"]);
    }

    #[test]
    fn modules_move_within_their_chain() {
        let mut workspace = Workspace::from_yaml(REQUEST).unwrap();
        let to = |index, by| moved(&Workspace::from_yaml(REQUEST).unwrap(), index, by);
        assert_eq!([to(0, -1), to(0, 1), to(1, 1), to(2, 1), to(3, 1)], [None, None, None, Some(3), None]);
        swap_steps(&mut workspace, 2, 3);
        assert_eq!(titles(&workspace), ["a", "m1", "v2", "v1"]);
    }

    #[test]
    fn a_pipeline_has_the_same_parts() {
        let text = "drydock: 1\nmodules: [{name: m, wat: (module)}]\npipeline: {files: [{path: a, text: x}], steps: [{module: m}, {module: m, name: n}]}\n";
        let mut workspace = Workspace::from_yaml(text).unwrap();
        assert_eq!((titles(&workspace), files(&workspace).len()), (vec!["m".into(), "n".into()], 1));
        *step_mut(&mut workspace, 1).unwrap().text = "a: 1".into();
        swap_steps(&mut workspace, 0, 1);
        assert_eq!(step(&workspace, 0).unwrap().text, "a: 1");
        remove_step(&mut workspace, 0);
        assert_eq!(titles(&workspace), ["m"]);
    }
}
