//! What a person edits and shares: one YAML file (`drydock.yaml`) that the page, links, examples, the command
//! line and CI all read.
//!
//! It holds no secrets and grants nothing: its budget is a wish that the person's own limits cap.

pub mod case;
pub mod wish;
pub(crate) mod yaml;

use serde::{Deserialize, Serialize};

use self::case::{Case, Expect};
use self::wish::Wish;
use crate::json;
#[cfg(feature = "plugins")]
use crate::request::Plugin;
use crate::request::{
    Budget, GateModule, GateRequest, Pipeline, PipelineStep, RunRequest, Scenario, WhatIf, World,
};

/// The version of the format. A file of a later version is refused with a sentence that says so; a file of an
/// earlier one will always be read.
pub const WORKSPACE_VERSION: u32 = 1;

/// The largest workspace file that is read, in bytes: ten thousand Deployments with room to spare.
pub const MAX_WORKSPACE_BYTES: usize = 32 << 20;

/// A workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workspace {
    /// [`WORKSPACE_VERSION`].
    pub drydock: u32,
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What an example teaches: the sentence of its gallery card.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub teaches: String,
    /// The gallery's group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Words to search by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The modules that steps name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<ModuleRef>,
    /// KRM functions, when it runs those; empty otherwise. A file has either this, or `request`, or `plugin`.
    #[serde(default)]
    pub pipeline: Pipeline,
    /// An API request through the gate, when it runs that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Box<GateRequest>>,
    /// A plugin against a cluster, when it runs that. With the feature `plugins`.
    #[cfg(feature = "plugins")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugin: Option<Plugin>,
    /// The limits it asks for; what a person allows caps them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub budget: Wish,
    /// What guests see of time and chance.
    #[serde(default, skip_serializing_if = "is_default")]
    pub world: World,
    /// Host functions that no guest may call, as `module.name`. Default: none is denied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// Answers of the cluster that shall be others than they are. Default: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what_if: Vec<WhatIf>,
    /// Saved inputs with expected outcomes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
}

/// A module by name, and where its bytes are. Exactly one of the sources is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModuleRef {
    /// The name that steps use.
    pub name: String,
    /// A guest of the examples, by name: it comes with the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// WebAssembly text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wat: Option<String>,
    /// The binary, in base64: for small modules in links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// A file beside the workspace: for the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// `sha256:…` of a module that the reader holds, or must open: what a link carries for a large module. With
    /// another source, the digest its author saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Where a module's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// A guest of the examples.
    Example(&'a str),
    /// WebAssembly text.
    Wat(&'a str),
    /// The binary in base64.
    Base64(&'a str),
    /// A file beside the workspace.
    File(&'a str),
    /// Only its digest is known.
    Digest(&'a str),
}

impl ModuleRef {
    /// Where the module's bytes are.
    ///
    /// # Errors
    /// A sentence when no source or more than one is given.
    pub fn source(&self) -> Result<Source<'_>, String> {
        let sources: Vec<Source<'_>> = [
            self.example.as_deref().map(Source::Example),
            self.wat.as_deref().map(Source::Wat),
            self.base64.as_deref().map(Source::Base64),
            self.file.as_deref().map(Source::File),
        ]
        .into_iter()
        .flatten()
        .collect();
        match (sources.as_slice(), &self.digest) {
            ([one], _) => Ok(*one),
            ([], Some(digest)) => Ok(Source::Digest(digest)),
            ([], None) => Err(format!(
                "module `{}` has no source: give one of example, wat, base64, file or digest",
                self.name
            )),
            _ => Err(format!("module `{}` has several sources; one is enough", self.name)),
        }
    }
}

/// Why a text is not a workspace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WorkspaceError {
    /// The cause, with the line and column where the reader gave one.
    pub message: String,
    /// The line, from 1; 0 when unknown.
    pub line: usize,
}

impl Workspace {
    /// A workspace that runs nothing yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            drydock: WORKSPACE_VERSION,
            title: String::new(),
            teaches: String::new(),
            group: String::new(),
            tags: Vec::new(),
            modules: Vec::new(),
            pipeline: Pipeline::default(),
            request: None,
            #[cfg(feature = "plugins")]
            plugin: None,
            budget: Wish::default(),
            world: World::default(),
            deny: Vec::new(),
            what_if: Vec::new(),
            cases: Vec::new(),
        }
    }

    /// Reads a workspace file.
    ///
    /// # Errors
    /// [`WorkspaceError`] when the text is too large, of a later version, not YAML, has a field that the format
    /// does not know, or names a module that it does not hold. Nothing is dropped silently.
    pub fn from_yaml(text: &str) -> Result<Self, WorkspaceError> {
        Self::of_json(read_yaml(text)?, || read_yaml(text).ok())
    }

    /// Reads a workspace file as its JSON, as it is written there.
    ///
    /// # Errors
    /// As [`Workspace::from_yaml`].
    pub fn json_from_yaml(text: &str) -> Result<serde_json::Value, WorkspaceError> {
        let json = read_yaml(text)?;
        Self::from_json(json.clone()).map(|_| json)
    }

    /// Writes the JSON of a workspace as a file, with multi-line texts as YAML blocks.
    #[must_use]
    pub fn json_to_yaml(json: &serde_json::Value) -> String {
        yaml::write(json)
    }

    /// Reads a workspace from its JSON.
    ///
    /// # Errors
    /// As [`Workspace::from_yaml`], but for size.
    pub fn from_json(value: serde_json::Value) -> Result<Self, WorkspaceError> {
        let again = value.clone();
        Self::of_json(value, || Some(again))
    }

    /// `again` gives the same value once more, for the sentence of an error.
    fn of_json(
        value: serde_json::Value,
        again: impl FnOnce() -> Option<serde_json::Value>,
    ) -> Result<Self, WorkspaceError> {
        let fail = |message: String| WorkspaceError { message, line: 0 };
        check_version(&value)?;
        check_scenario(&value)?;
        #[cfg(not(feature = "plugins"))]
        let value = without_plugin(value);
        let workspace: Self = json::of(value).map_err(|error| {
            let place = again().map(|value| place_of_fault(&value)).unwrap_or_default();
            fail(format!("not a workspace: {place}{error}"))
        })?;
        workspace.check().map_err(fail)?;
        Ok(workspace)
    }

    /// Writes a workspace file, with multi-line texts as YAML blocks.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        // Every value of this type is a JSON value: strings, numbers, lists and maps with string keys.
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let (false, Some(fields)) = (self.is_pipeline(), value.as_object_mut()) {
            fields.shift_remove("pipeline");
        }
        Self::json_to_yaml(&value)
    }

    fn check(&self) -> Result<(), String> {
        for (index, module) in self.modules.iter().enumerate() {
            module.source()?;
            if self.modules.iter().take(index).any(|earlier| earlier.name == module.name) {
                return Err(format!("two modules are named `{}`", module.name));
            }
        }
        let request = self.request.iter();
        let entries =
            request.flat_map(|it| it.authenticators.iter().chain(&it.authorizers).chain(&it.admission));
        let steps = self.pipeline.steps.iter().map(|step| &step.module);
        let names = steps.chain(entries.flat_map(GateModule::modules));
        #[cfg(feature = "plugins")]
        let names = names.chain(self.plugin.iter().flat_map(Plugin::modules));
        let unknown = names.into_iter().find(|name| self.module(name).is_none());
        match unknown {
            Some(name) => Err(format!("a step names the module `{name}`, which `modules` does not list")),
            None => Ok(()),
        }
    }

    /// Whether it runs KRM functions.
    fn is_pipeline(&self) -> bool {
        #[cfg(feature = "plugins")]
        if self.plugin.is_some() {
            return false;
        }
        self.request.is_none()
    }

    /// What it runs.
    fn scenario(&self) -> Scenario {
        #[cfg(feature = "plugins")]
        if let Some(plugin) = &self.plugin {
            return Scenario::Plugin(plugin.clone());
        }
        match &self.request {
            Some(request) => Scenario::Request(request.clone()),
            None => Scenario::Pipeline(self.pipeline.clone()),
        }
    }

    /// The module of a name.
    #[must_use]
    pub fn module(&self, name: &str) -> Option<&ModuleRef> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// What a runner is asked to run for a case as JSON, and what must come of it; without one, of the workspace as it
    /// stands.
    ///
    /// # Errors
    /// A sentence when the case cannot be read, or changes something that the workspace does not have.
    pub fn to_run(
        &self,
        case: Option<serde_json::Value>,
        allowed: Budget,
    ) -> Result<(RunRequest, Option<Expect>), String> {
        let Some(case) = case else { return Ok((self.to_request(allowed), None)) };
        let case: Case = json::of(case).map_err(|error| format!("not a case: {error}"))?;
        Ok((case.change.apply(self)?.to_request(allowed), Some(case.expect)))
    }

    /// What a runner is asked to run, with the budget capped by what the person allows.
    #[must_use]
    pub fn to_request(&self, allowed: Budget) -> RunRequest {
        RunRequest {
            budget: self.budget.within(allowed),
            world: self.world,
            deny: self.deny.clone(),
            what_if: self.what_if.clone(),
            ..RunRequest::new(self.scenario())
        }
    }
}

fn read_yaml(text: &str) -> Result<serde_json::Value, WorkspaceError> {
    if text.len() > MAX_WORKSPACE_BYTES {
        let message = format!("{} bytes are more than a workspace may have", text.len());
        return Err(WorkspaceError { message, line: 0 });
    }
    yaml::read(text)
}

/// Says that a file is from the future before its unknown fields are complained about.
fn check_version(value: &serde_json::Value) -> Result<(), WorkspaceError> {
    let fail = |message: String| Err(WorkspaceError { message, line: 0 });
    match value.get("drydock").and_then(serde_json::Value::as_u64) {
        Some(version) if version > u64::from(WORKSPACE_VERSION) => fail(format!(
            "this workspace is of version {version}; this Drydock reads up to {WORKSPACE_VERSION}: use a newer one"
        )),
        Some(0) => fail("there is no version 0 of the workspace format".into()),
        _ => Ok(()),
    }
}

/// Which case, module, step or limit cannot be read, as the beginning of a sentence; nothing when it is something else.
fn place_of_fault(value: &serde_json::Value) -> String {
    let case = |case: &serde_json::Value| json::of::<Case>(case.clone()).is_err();
    let module = |module: &serde_json::Value| json::of::<ModuleRef>(module.clone()).is_err();
    first_fault(value.get("modules"), "module", module)
        .or_else(|| first_fault(value.get("cases"), "case", case))
        .or_else(|| first_step(value))
        .or_else(|| first_limit(value.get("budget")?))
        .unwrap_or_default()
}

/// The first step of a pipeline, or the first module of a request's chains, that cannot be read.
fn first_step(value: &serde_json::Value) -> Option<String> {
    let step = |step: &serde_json::Value| json::of::<PipelineStep>(step.clone()).is_err();
    let entry = |entry: &serde_json::Value| json::of::<GateModule>(entry.clone()).is_err();
    let of_chain = |chain: &str| first_fault(value.get("request")?.get(chain), &format!("`{chain}`"), entry);
    first_fault(value.get("pipeline").and_then(|pipeline| pipeline.get("steps")), "step", step)
        .or_else(|| ["authenticators", "authorizers", "admission"].into_iter().find_map(of_chain))
}

fn first_limit(budget: &serde_json::Value) -> Option<String> {
    let is_wrong = |value: &serde_json::Value| !value.is_null() && !value.is_u64();
    let (name, _) = budget.as_object()?.iter().find(|(_, value)| is_wrong(value))?;
    Some(format!("`budget.{name}`: "))
}

fn first_fault(
    list: Option<&serde_json::Value>,
    what: &str,
    is_wrong: impl Fn(&serde_json::Value) -> bool,
) -> Option<String> {
    let (index, wrong) = list?.as_array()?.iter().enumerate().find(|(_, entry)| is_wrong(entry))?;
    let name = wrong.get("name").and_then(serde_json::Value::as_str);
    Some(name.map_or_else(|| format!("{what} {}: ", index + 1), |name| format!("{what} `{name}`: ")))
}

/// What a workspace may run, by the field that says it.
const SCENARIOS: &[&str] = &["pipeline", "request", "plugin"];

/// A workspace of a plugin, where there are none: what it and its cases are is read by whoever runs them.
#[cfg(not(feature = "plugins"))]
fn without_plugin(mut value: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = value.as_object_mut().filter(|fields| fields.contains_key("plugin")) {
        fields.shift_remove("plugin");
        fields.shift_remove("cases");
    }
    value
}

/// A file that runs nothing, or several things, says so itself.
fn check_scenario(value: &serde_json::Value) -> Result<(), WorkspaceError> {
    let given: Vec<&str> =
        SCENARIOS.iter().copied().filter(|scenario| value.get(scenario).is_some()).collect();
    let cause = match given.as_slice() {
        [_] => return Ok(()),
        [] => format!("missing field `{}`: there is nothing to run", SCENARIOS.join("`, or `")),
        [one, other] => format!("it has both `{one}` and `{other}`; a workspace runs one of them"),
        several => format!("it has `{}`; a workspace runs one of them", several.join("`, `")),
    };
    Err(WorkspaceError { message: format!("not a workspace: {cause}"), line: 0 })
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[track_caller]
    fn fails(text: &str, expected: &str) {
        let error = Workspace::from_yaml(text).unwrap_err();
        assert!(error.message.contains(expected), "{error}");
    }

    #[test]
    fn reads_and_writes_the_same() {
        let text = "drydock: 1\ntitle: T\nmodules:\n- name: m\n  wat: (module)\npipeline:\n  files:\n  - path: a.yaml\n    text: |\n      a: \"on\"\n      b: x\n  steps:\n  - module: m\n    role: validator\n";
        let workspace = Workspace::from_yaml(text).unwrap();
        assert_eq!(workspace.to_yaml(), text);
    }

    #[test]
    fn reads_and_writes_a_request() {
        let text = "drydock: 1\nmodules:\n- name: m\n  wat: (module)\nrequest:\n  who:\n    token: t\n  verb: update\n  object: |\n    apiVersion: v1\n    kind: Pod\n  admission:\n  - module: m\n    mutating: true\n    rules:\n    - operations:\n      - CREATE\n      apiGroups:\n      - \"\"\n      apiVersions:\n      - v1\n      resources:\n      - pods\n      scope: Namespaced\n    failurePolicy: Ignore\n";
        let workspace = Workspace::from_yaml(text).unwrap();
        assert_eq!(workspace.to_yaml(), text);
        assert!(matches!(workspace.to_request(Budget::default()).scenario, Scenario::Request(_)));
    }

    #[cfg(feature = "plugins")]
    #[test]
    fn reads_and_writes_a_plugin() {
        let text = "drydock: 1\nmodules:\n- name: m\n  wat: (module)\nplugin:\n  krew:\n    command:\n      module: m\n      args:\n      - kubectl-m\n      - \"5\"\n      env:\n      - name: HOME\n        value: /home/me\n      stdin: |\n        yes\n      directories:\n      - name: /home/me\n        entries:\n        - path: notes.txt\n          node:\n            file: text\n        - path: cache\n          node: directory\n        reportChanges: true\n    kubeconfig:\n      directory: /home/me\n      user: token\n      namespace: shop\n    objects:\n    - path: pods.yaml\n      text: |\n        kind: Pod\n";
        let workspace = Workspace::from_yaml(text).unwrap();
        assert_eq!(workspace.to_yaml(), text);
        let json = serde_json::to_value(&workspace).unwrap();
        let again: Workspace = serde_json::from_str(&json.to_string()).unwrap();
        assert_eq!(again, workspace);
        assert!(matches!(
            workspace.to_request(Budget::default()).scenario,
            Scenario::Plugin(Plugin::Krew(_))
        ));
    }

    #[cfg(feature = "plugins")]
    #[test]
    fn refuses_plugins_with_the_cause() {
        fails("drydock: 1\nplugin: {}\n", "invalid");
        fails("drydock: 1\nplugin: {krew: {command: {module: x}}}\n", "names the module `x`");
        fails("drydock: 1\nplugin: {krew: {modules: x}}\n", "unknown field `modules`");
        fails("drydock: 1\nplugin: {crew: {}}\n", "unknown variant `crew`");
        fails("drydock: 1\nplugin: {krew: {command: {args: [5]}}}\n", "expected a string");
        fails("drydock: 1\nplugin: {krew: {}}\npipeline: {}\n", "both `pipeline` and `plugin`");
        fails("drydock: 1\nplugin: {krew: {}}\npipeline: {}\nrequest: {}\n", "runs one of them");
        fails("drydock: 1\n", "or `plugin`: there is nothing to run");
    }

    #[test]
    fn refuses_with_the_cause() {
        fails("drydock: 7\nnew: thing\n", "version 7; this Drydock reads up to 1");
        fails("drydock: 1\npipeline: {}\nextra: 1\n", "unknown field `extra`");
        fails("drydock: 1\npipeline: {steps: [{module: x}]}\n", "names the module `x`");
        fails("drydock: 1\nmodules: [{name: a}]\npipeline: {}\n", "has no source");
        fails(
            "drydock: 1\npipeline: {}\nmodules: [{name: a, wat: '', url: x}]\n",
            "module `a`: unknown field `url`",
        );
        fails(
            "drydock: 1\npipeline: {}\ncases: [{name: c, expect: {outcome: ok}}]\n",
            "case `c`: unknown variant `ok`",
        );
        fails("drydock: 1\npipeline: {}\ncases: [{}]\n", "case 1: missing field `name`");
        fails("drydock: 1\npipeline: {}\nbudget: {timeMs: 1, fuel: -1}\n", "`budget.fuel`: invalid value");
        fails("\t", "not a workspace");
        fails("drydock: 1\n", "missing field `pipeline`, or `request`");
        fails("drydock: 1\npipeline: {}\nrequest: {}\n", "both `pipeline` and `request`");
        fails("drydock: 1\nrequest: {admission: [{module: x}]}\n", "names the module `x`");
        fails("drydock: 1\nrequest: {verb: destroy}\n", "unknown variant `destroy`");
        fails(
            "drydock: 1\nrequest: {admission: [{module: x}, {module: y, rules: [{scope: foo}]}]}\n",
            "`admission` 2: unknown variant `foo`",
        );
        fails("drydock: 1\npipeline: {steps: [{module: x, role: y}]}\n", "step 1: unknown variant `y`");
    }

    #[test]
    fn a_budget_only_lowers() {
        let workspace =
            Workspace::from_yaml("drydock: 1\npipeline: {}\nbudget: {timeMs: 60000, fuel: 5}\n").unwrap();
        let budget = workspace.to_request(Budget::default()).budget;
        assert_eq!((budget.time_ms, budget.fuel), (5_000, 5));
    }
}
