//! Reads a plugin's manifest, `plugin.yml`, in the form that KubeStellar reads and in the older flat one.
//!
//! Fields that nobody knows are passed over, as upstream does; a field of the wrong shape is refused with its place.
//! What KubeStellar would not take, or passes over, is a warning. Source: KubeStellar's `pkg/plugins/manager.go`, and for
//! the rules of names and versions its `loader.go`.

mod part;

use serde_json::{Map, Value as Json};

use self::part::{Fault, Part};
use super::routes::Route;
use crate::report::{ManifestFacts, Outcome, OutcomeKind, Place, SettingFacts};
use crate::words;

/// The name of the file.
pub(crate) const FILE: &str = "plugin.yml";

/// The largest manifest that is read, in bytes: real ones have some 2 KiB.
pub(crate) const MAX_MANIFEST_BYTES: usize = 256 << 10;

/// What a manifest may hold: a few hundred routes and settings. Aliases stay far below what would expand into a bomb.
const LIMITS: manifest::Limits = manifest::Limits {
    max_bytes: MAX_MANIFEST_BYTES,
    max_depth: 32,
    max_nodes: 20_000,
    max_expanded_nodes: 2_000,
    max_expanded_bytes: 64 << 10,
};

/// The most warnings that are kept: a manifest is put right one by one.
const MAX_WARNINGS: usize = 100;

/// A manifest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manifest {
    pub(crate) facts: ManifestFacts,
    /// Whether its routes are mounted.
    pub(crate) is_backend: bool,
    pub(crate) routes: Vec<Route>,
    /// The settings' defaults.
    pub(crate) config: Map<String, Json>,
    pub(crate) warnings: Vec<String>,
}

/// Reads a manifest.
///
/// # Errors
/// An outcome with the cause and its place: it is no YAML, too large, names no plugin, or has a field of the wrong shape.
pub(crate) fn read(text: &str) -> Result<Manifest, Outcome> {
    let documents = manifest::parse(text, &LIMITS).map_err(|error| {
        let place = place(error.line, error.column);
        let outcome = invalid(format!("{}: {}", error.message, error.snippet.trim())).at(place);
        match error.hint {
            Some(hint) => outcome.with_hint(hint),
            None => outcome,
        }
    })?;
    let mut full = documents.iter().filter(|document| !document.is_empty);
    let Some(document) = full.next() else {
        return Err(invalid("it holds nothing".into()).with_hint(LEAST));
    };
    let root = Part::of(&document.root);
    let is_flat = !root.has("metadata") && !root.has("spec") && root.has("name");
    let read = if is_flat { flat(&root) } else { current(&root) };
    let mut manifest = read.map_err(|fault| invalid(fault.message).at(place(fault.line, fault.column)))?;
    if full.next().is_some() {
        manifest.warn("it holds several documents, of which the first counts".into());
    }
    manifest.complete()?;
    Ok(manifest)
}

/// The least that a manifest must say.
const LEAST: &str = "begin with `metadata: {name: …, version: …, author: …}`";

fn invalid(cause: String) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, format!("the manifest `{FILE}` cannot be read: {cause}"))
}

fn place(line: usize, column: usize) -> Place {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place { file: "manifest".into(), step: None, line: number(line), column: number(column) }
}

/// The form that KubeStellar reads today.
fn current(root: &Part<'_>) -> Result<Manifest, Fault> {
    let (metadata, spec) = (root.map("metadata")?, root.map("spec")?);
    let (wasm, backend) = (spec.map("wasm")?, spec.map("backend")?);
    let frontend = spec.map("frontend")?;
    let mut manifest = Manifest { is_backend: backend.flag("enabled")?, ..Manifest::default() };
    manifest.facts = ManifestFacts {
        name: metadata.text("name")?,
        version: metadata.text("version")?,
        author: metadata.text("author")?,
        description: metadata.text("description")?,
        file: wasm.text("file")?,
        entrypoint: wasm.text("entrypoint")?,
        memory_limit: wasm.text("memory_limit")?,
        permissions: spec.texts("permissions")?,
        ..ManifestFacts::default()
    };
    for route in backend.list("routes")? {
        let (path, handler) = (route.text("path")?, route.text("handler")?);
        manifest.routes.push(Route { path, methods: route.texts("methods")?, handler });
    }
    for setting in spec.list("configuration")? {
        manifest.setting(&setting)?;
    }
    for entry in ["routes", "widgets"] {
        for part in frontend.list(entry)? {
            let component = part.text("component")?;
            if !component.is_empty() && !manifest.facts.components.contains(&component) {
                manifest.facts.components.push(component);
            }
        }
    }
    if !wasm.is_there() {
        manifest.warn("`spec.wasm` is missing: KubeStellar crashes when it loads such a plugin".into());
    }
    if spec.has("routes") {
        manifest.warn("`spec.routes` is passed over: routes are `spec.backend.routes`".into());
    }
    if !manifest.is_backend && !manifest.routes.is_empty() {
        manifest.warn("`spec.backend.enabled` is not true, so none of its routes is mounted".into());
    }
    Ok(manifest)
}

/// The form of the first releases.
fn flat(root: &Part<'_>) -> Result<Manifest, Fault> {
    let mut manifest = Manifest { is_backend: root.flag("backend")?, ..Manifest::default() };
    manifest.facts = ManifestFacts {
        name: root.text("name")?,
        version: root.text("version")?,
        author: root.text("author")?,
        description: root.text("description")?,
        is_flat: true,
        permissions: root.texts("permissions")?,
        ..ManifestFacts::default()
    };
    for route in root.list("routes")? {
        let (path, handler) = (route.text("path")?, route.text("handler")?);
        manifest.routes.push(Route { path, methods: vec![route.text("method")?], handler });
    }
    manifest.warn("it is in the older flat form, which KubeStellar reads no more".into());
    if !manifest.is_backend && !manifest.routes.is_empty() {
        manifest.warn("`backend` is not true, so none of its routes is mounted".into());
    }
    Ok(manifest)
}

impl Manifest {
    pub(crate) fn warn(&mut self, warning: String) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning);
        }
    }

    fn setting(&mut self, setting: &Part<'_>) -> Result<(), Fault> {
        let (name, default) = (setting.text("name")?, setting.any("default"));
        self.facts.settings.push(SettingFacts {
            name: name.clone(),
            kind: setting.text("type")?,
            default: default.to_string(),
            description: setting.text("description")?,
        });
        if name.is_empty() {
            self.warn("a setting of `spec.configuration` has no name, and is passed over".into());
        } else if self.config.insert(name.clone(), default).is_some() {
            self.warn(format!("the setting `{}` stands twice; the last counts", words::sentence(&name)));
        }
        Ok(())
    }

    /// What is needed, what is filled in, and the rules that KubeStellar has and does not apply.
    fn complete(&mut self) -> Result<(), Outcome> {
        let facts = self.facts.clone();
        if facts.name.is_empty() {
            let field = if facts.is_flat { "name" } else { "metadata.name" };
            return Err(invalid(format!("it names no plugin: `{field}` is missing")).with_hint(LEAST));
        }
        if facts.file.is_empty() {
            self.facts.file = format!("{}.wasm", facts.name);
        }
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !facts.name.starts_with(|c: char| c.is_ascii_lowercase())
            || facts.name.len() > 50
            || !facts.name.chars().all(is_name)
        {
            self.warn(format!(
                "the name `{}` is none of up to 50 lower-case letters, digits and `-` that begins with a letter",
                words::sentence(&facts.name)
            ));
        }
        let is_version = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        if facts.version.is_empty() {
            self.warn("it has no version, without which KubeStellar does not load a plugin".into());
        } else if facts.version.len() > 20 || !facts.version.chars().all(is_version) {
            self.warn(format!(
                "the version `{}` is none of up to 20 letters, digits, `.` and `-`",
                words::sentence(&facts.version)
            ));
        }
        if facts.author.is_empty() {
            self.warn("it has no author, without whom KubeStellar does not load a plugin".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const WHOLE: &str = "metadata: {name: a, version: 1.10, author: me}\n";

    #[track_caller]
    fn warns(text: &str, expected: &[&str]) {
        let manifest = read(text).unwrap();
        assert_eq!(manifest.warnings.len(), expected.len(), "{:?}", manifest.warnings);
        for (warning, part) in manifest.warnings.iter().zip(expected) {
            assert!(warning.contains(part), "{warning}");
        }
    }

    #[track_caller]
    fn fails(text: &str, expected: &str, line: u32) {
        let outcome = read(text).unwrap_err();
        assert!(outcome.message.contains(expected), "{}", outcome.message);
        assert_eq!(outcome.place.map_or(0, |place| place.line), line, "{}", outcome.message);
    }

    #[test]
    fn texts_are_what_is_written() {
        let manifest = read(&format!("{WHOLE}spec: {{wasm: {{entrypoint: yes, file: 0x10}}}}")).unwrap();
        assert_eq!(manifest.facts.version, "1.10");
        assert_eq!((manifest.facts.entrypoint.as_str(), manifest.facts.file.as_str()), ("yes", "0x10"));
        assert_eq!(read(WHOLE).unwrap().facts.file, "a.wasm");
    }

    #[test]
    fn both_forms_are_read() {
        let routes = |text: &str| {
            let manifest = read(text).unwrap();
            (manifest.is_backend, format!("{:?}", manifest.routes))
        };
        let route = r#"[Route { path: "/x", methods: ["GET"], handler: "h" }]"#.to_owned();
        let text = "spec: {backend: {enabled: yes, routes: [{path: /x, methods: [GET], handler: h}]}}";
        assert_eq!(routes(&format!("{WHOLE}{text}")), (true, route.clone()));
        let text = "name: a\nversion: '1'\nbackend: true\nroutes: [{path: /x, method: GET, handler: h}]";
        assert_eq!(routes(text), (true, route));
    }

    #[test]
    fn settings_keep_their_values() {
        let text = "spec: {configuration: [{name: a, default: 5}, {name: b, default: [off]}, {name: c}, {}, {name: a}]}";
        let manifest = read(&format!("{WHOLE}{text}")).unwrap();
        assert_eq!(Json::from(manifest.config).to_string(), r#"{"a":null,"b":["off"],"c":null}"#);
        assert_eq!(manifest.facts.settings.len(), 5);
    }

    #[test]
    fn what_upstream_would_not_take_is_told() {
        let wasm = "spec: {wasm: {}, ";
        warns(&format!("{WHOLE}{wasm}}}"), &[]);
        warns(&format!("{WHOLE}spec: {{}}"), &["`spec.wasm` is missing"]);
        warns(&format!("{WHOLE}{wasm}routes: [/a, /b]}}"), &["`spec.routes` is passed over"]);
        warns(&format!("{WHOLE}{wasm}backend: {{routes: [{{path: /a}}]}}}}"), &["is not true"]);
        warns("metadata: {name: A}\nspec: {wasm: {}}", &["the name `A`", "no version", "no author"]);
        warns("metadata: {name: a, version: 1_0, author: b}\nspec: {wasm: {}}", &["the version `1_0`"]);
        warns(&format!("{WHOLE}{wasm}}}\n---\na: b"), &["several documents"]);
        warns("{name: a, version: 1.0.0, author: b}", &["older flat form"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_place() {
        fails("", "it holds nothing", 0);
        fails("# nothing", "it holds nothing", 0);
        fails("a: [", "cannot be read", 1);
        fails("[a]", "the manifest is a list, not an object", 1);
        fails("text", "the manifest is text, not an object", 1);
        fails("metadata: {}", "`metadata.name` is missing", 0);
        fails("name: ''", "`name` is missing", 0);
        fails("metadata:\n  name: [a]", "`metadata.name` is a list, not text", 2);
        fails(&format!("{WHOLE}spec: []"), "`spec` is a list, not an object", 2);
        fails(&format!("{WHOLE}spec: {{backend: {{enabled: 5}}}}"), "`spec.backend.enabled` is text, not", 2);
        fails(&format!("{WHOLE}spec: {{permissions: a}}"), "`spec.permissions` is text, not a list", 2);
        fails(&format!("{WHOLE}spec: {{backend: {{routes: [a]}}}}"), "`spec.backend.routes[0]` is text", 2);
        fails("metadata: {name: a, name: b}", "name", 1);
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
        fails(bomb, "cannot be read", 3);
        fails(&" ".repeat(MAX_MANIFEST_BYTES + 1), "cannot be read", 1);
    }
}
