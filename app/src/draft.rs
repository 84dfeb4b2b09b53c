//! A workspace as the page holds it: the same JSON as [`Workspace`], with types for what the page itself works with.
//! Steps, a request and cases stay JSON: what they mean is for whoever runs them.
//!
//! Refuses nothing that a workspace may hold: a mistake in what is JSON here is named when the workspace is run.

pub mod path;

use engine::json;
use engine::request::{Budget, File};
use engine::workspace::{ModuleRef, WORKSPACE_VERSION, Workspace};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json as value};

/// A workspace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Its name.
    pub title: String,
    /// The modules that steps name.
    pub modules: Vec<ModuleRef>,
    /// The files: manifests of a pipeline, objects of a request's cluster.
    pub files: Vec<File>,
    /// What it runs.
    pub kind: Kind,
    /// The request, the pipeline or the plugin, without its files.
    pub body: Json,
    /// The cases.
    pub cases: Vec<Json>,
    /// All else, an object: the version, what an example says of itself, limits, time and chance, what is denied, and
    /// which answers shall be others.
    pub rest: Json,
}

/// What a workspace runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// KRM functions.
    #[default]
    Pipeline,
    /// An API request.
    Request,
    /// A kubectl plugin.
    Krew,
    /// A dashboard plugin.
    Dashboard,
    /// A go-plugin service.
    Service,
}

impl Kind {
    /// The plugins.
    const PLUGINS: [Self; 3] = [Self::Krew, Self::Dashboard, Self::Service];

    /// The field of a workspace, or of its `plugin`, that says it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Pipeline => "pipeline",
            Self::Request => "request",
            Self::Krew => "krew",
            Self::Dashboard => "dashboard",
            Self::Service => "service",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Krew => "kubectl plugin",
            Self::Dashboard => "dashboard plugin",
            other => other.key(),
        }
    }

    /// Whether it is a plugin.
    #[must_use]
    pub fn is_plugin(self) -> bool {
        Self::PLUGINS.contains(&self)
    }
}

/// What is run of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The workspace.
    pub draft: Draft,
    /// One of its cases, when that is what is run.
    pub case: Option<Json>,
    /// The limits that the person allows.
    pub limits: Budget,
}

impl Draft {
    /// A workspace that runs nothing yet.
    #[must_use]
    pub fn empty() -> Self {
        Self { body: value!({}), rest: value!({"drydock": WORKSPACE_VERSION}), ..Self::default() }
    }

    /// A workspace that runs this.
    #[must_use]
    pub fn of(kind: Kind, body: Json) -> Self {
        Self { kind, body, ..Self::empty() }
    }

    /// The workspace.
    ///
    /// # Errors
    /// A sentence when it is none.
    pub fn into_workspace(mut self) -> Result<Workspace, String> {
        let files = std::mem::take(&mut self.files);
        let mut workspace = Workspace::from_json(self.into_json()).map_err(|error| error.message)?;
        #[cfg(feature = "plugins")]
        if let Some(plugin) = &mut workspace.plugin {
            *plugin.objects_mut() = files;
            return Ok(workspace);
        }
        match &mut workspace.request {
            Some(request) => request.objects = files,
            None => workspace.pipeline.files = files,
        }
        Ok(workspace)
    }

    /// The same, without its cases.
    #[must_use]
    pub fn without_cases(&self) -> Self {
        let Self { title, modules, files, kind, body, rest, .. } = self;
        Self {
            title: title.clone(),
            modules: modules.clone(),
            files: files.clone(),
            kind: *kind,
            body: body.clone(),
            cases: Vec::new(),
            rest: rest.clone(),
        }
    }

    /// The module of a name.
    #[must_use]
    pub fn module(&self, name: &str) -> Option<&ModuleRef> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// How long a run may take, in milliseconds, where a person allows so much.
    #[must_use]
    pub fn time_ms(&self, allowed: u64) -> u64 {
        let wish = path::get(&self.rest, "budget.timeMs").as_u64();
        wish.map_or(allowed, |wish| wish.min(allowed))
    }

    /// Reads a draft.
    ///
    /// # Errors
    /// A sentence when what the page itself works with is something else.
    pub fn from_json(json: Json) -> Result<Self, String> {
        let Json::Object(mut rest) = json else { return Err("a workspace is an object".into()) };
        if !rest.contains_key("drydock") {
            return Err("it says no version in `drydock`".into());
        }
        let mut take = |key: &str| rest.shift_remove(key).unwrap_or_default();
        let (title, modules, cases) = (take("title"), take("modules"), take("cases"));
        let (pipeline, request, mut plugin) = (take("pipeline"), take("request"), take("plugin"));
        let mut inner = |kind: &Kind| plugin.as_object_mut()?.shift_remove(kind.key());
        let found = Kind::PLUGINS.into_iter().find_map(|kind| Some((kind, inner(&kind)?)));
        let (kind, mut body) = match found {
            Some(found) => found,
            None if !plugin.is_null() => return Err("`plugin` holds none that is known".into()),
            None if request.is_null() => (Kind::Pipeline, pipeline),
            None => (Kind::Request, request),
        };
        let files = body.as_object_mut().and_then(|body| body.shift_remove(files_key(kind)));
        if body.is_null() {
            body = value!({});
        }
        Ok(Self {
            title: title.as_str().unwrap_or_default().to_owned(),
            modules: list(modules)?,
            files: list(files.unwrap_or_default())?,
            kind,
            body,
            cases: list(cases)?,
            rest: rest.into(),
        })
    }

    /// The workspace's JSON, in the order in which its fields are written; without what is empty.
    #[must_use]
    pub fn into_json(self) -> Json {
        let Self { title, modules, files, kind, body, cases, mut rest } = self;
        let mut scenario = Map::new();
        let files = serde_json::to_value(files).unwrap_or_default();
        let after = match body {
            Json::Object(body) => body,
            _ => Map::new(),
        };
        if kind == Kind::Pipeline {
            scenario.insert(files_key(kind).into(), files);
            scenario.extend(after);
        } else {
            scenario.extend(after);
            scenario.insert(files_key(kind).into(), files);
        }
        let (name, scenario) = match kind.is_plugin() {
            true => ("plugin", value!({ kind.key(): scenario })),
            false => (kind.key(), scenario.into()),
        };
        let mut own = [
            ("title", title.into()),
            ("modules", serde_json::to_value(modules).unwrap_or_default()),
            (name, scenario),
            ("cases", cases.into()),
        ]
        .map(|(name, value)| Some((name, value)));
        let mut json = Json::Object(Map::new());
        for key in ORDER {
            let mine = own.iter_mut().find(|it| it.as_ref().is_some_and(|(name, _)| *name == key));
            let value = match mine.and_then(Option::take) {
                Some((_, value)) => value,
                None => path::get(&rest, key).clone(),
            };
            path::set(&mut json, key, value);
            path::set(&mut rest, key, Json::Null);
        }
        for (key, value) in rest.as_object().into_iter().flatten() {
            path::set(&mut json, key, value.clone());
        }
        json
    }
}

/// The fields of a workspace in their order; what else there may be comes after.
const ORDER: [&str; 14] = [
    "drydock", "title", "teaches", "group", "tags", "modules", "pipeline", "request", "plugin", "budget",
    "world", "deny", "whatIf", "cases",
];

fn files_key(kind: Kind) -> &'static str {
    if kind == Kind::Pipeline { "files" } else { "objects" }
}

fn list<T: serde::de::DeserializeOwned>(json: Json) -> Result<Vec<T>, String> {
    if json.is_null() { Ok(Vec::new()) } else { json::of(json).map_err(|error| error.to_string()) }
}

impl Serialize for Draft {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.clone().into_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Draft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Json::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const PIPELINE: &str = "drydock: 1
title: T
teaches: t
modules: [{name: m, wat: (module)}]
pipeline: {files: [{path: a, text: x}], steps: [{module: m, role: validator}]}
budget: {timeMs: 7}
cases: [{name: c, expect: {outcome: finished}}]
";

    const REQUEST: &str = "drydock: 1
modules: [{name: m, wat: (module)}]
request: {verb: delete, objects: [{path: a, text: x}], admission: [{module: m, mutating: true}]}
";

    fn draft(text: &str) -> Draft {
        Draft::from_json(Workspace::json_from_yaml(text).unwrap()).unwrap()
    }

    #[test]
    fn a_workspace_comes_back_as_it_was() {
        for text in [PIPELINE, REQUEST] {
            let workspace = Workspace::from_yaml(text).unwrap();
            let draft = draft(text);
            assert_eq!((draft.files.len(), draft.kind == Kind::Request), (1, text == REQUEST));
            let crossed: Draft = json::read(&json::write(&draft)).unwrap();
            assert_eq!(crossed, draft);
            assert_eq!(Workspace::json_to_yaml(&crossed.clone().into_json()), workspace.to_yaml());
            assert_eq!(crossed.into_workspace().unwrap(), workspace);
        }
    }

    #[test]
    fn what_cannot_be_run_is_still_a_draft() {
        let mut draft = draft(REQUEST);
        path::set(&mut draft.body, "verb", "shout".into());
        let crossed: Draft = json::read(&json::write(&draft)).unwrap();
        assert!(crossed.into_workspace().unwrap_err().contains("unknown variant `shout`"));
    }

    #[test]
    fn a_person_allows_and_a_workspace_lowers() {
        let draft = draft(PIPELINE);
        assert_eq!([draft.time_ms(5), draft.time_ms(9)], [5, 7]);
        assert_eq!(Draft::empty().time_ms(9), 9);
    }
}
