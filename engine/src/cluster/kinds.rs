//! Which kinds there are: the built-in ones of Kubernetes, and those that pasted definitions of custom resources
//! add. It gives a kind its resource's plural name, its scope and its subresources.
//!
//! It never guesses a plural name: whoever knows it can say it.

use serde_json::Value as Json;

use super::resource::Resource;
use crate::abi::fields::Fields;

/// The group and version of an `apiVersion`.
pub(crate) fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// A group, a version and a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gvk {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
}

impl Gvk {
    /// The `apiVersion` that an object of the kind carries.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    fn parse(text: &str) -> Option<Self> {
        let (api_version, kind) = text.rsplit_once('/')?;
        let (group, version) = split(api_version);
        Some(Self { group: group.into(), version: version.into(), kind: kind.into() })
    }
}

/// A subresource, and the kind it is spoken to in where that is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subresource {
    pub(crate) name: String,
    pub(crate) kind: Option<Gvk>,
}

/// A kind and how its resource is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) gvk: Gvk,
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) short: Vec<String>,
    pub(crate) namespaced: bool,
    pub(crate) subresources: Vec<Subresource>,
    /// Whether a definition of the cluster adds it.
    pub(crate) is_custom: bool,
}

impl Kind {
    #[cfg(feature = "gate")]
    fn is_called(&self, name: &str) -> bool {
        self.plural == name
            || self.singular == name
            || self.short.iter().any(|short| short == name)
            || self.gvk.kind.to_lowercase() == name
    }

    /// Its resource.
    pub(crate) fn resource(&self) -> Resource {
        Resource {
            api_version: self.gvk.api_version(),
            kind: self.gvk.kind.clone(),
            plural: self.plural.clone(),
            namespaced: self.namespaced,
        }
    }

    /// The subresource of a name.
    pub(crate) fn subresource(&self, name: &str) -> Option<&Subresource> {
        self.subresources.iter().find(|it| it.name == name)
    }
}

/// The built-in kinds, a line each.
const BUILT_IN: &str = include_str!("kinds.txt");

/// All kinds of a request's cluster.
#[derive(Debug, Default)]
pub(crate) struct Kinds(Vec<Kind>);

impl Kinds {
    /// The built-in kinds and those of the cluster's definitions.
    ///
    /// # Errors
    /// A sentence that names the first definition that cannot be taken, and the cause.
    pub(crate) fn load<'a>(definitions: impl Iterator<Item = &'a Json>) -> Result<Self, String> {
        let mut kinds: Vec<Kind> = BUILT_IN.lines().filter_map(line).collect();
        for definition in definitions {
            kinds.extend(custom(definition).map_err(|cause| {
                let name = definition.pointer("/metadata/name").and_then(Json::as_str).unwrap_or_default();
                format!("CustomResourceDefinition `{name}` cannot be taken: {cause}")
            })?);
        }
        Ok(Self(kinds))
    }

    /// The kind of an object.
    pub(crate) fn of_object(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        let (group, version) = split(api_version);
        let wanted = (group, version, kind);
        self.0
            .iter()
            .find(|it| (it.gvk.group.as_str(), it.gvk.version.as_str(), it.gvk.kind.as_str()) == wanted)
    }
}

/// What a cluster in memory asks.
#[cfg(feature = "plugins")]
impl Kinds {
    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Kind> {
        self.0.iter()
    }

    /// The kind of a path's resource.
    pub(crate) fn served(&self, api_version: &str, plural: &str) -> Option<&Kind> {
        let wanted = split(api_version);
        self.0
            .iter()
            .find(|it| (it.gvk.group.as_str(), it.gvk.version.as_str()) == wanted && it.plural == plural)
    }
}

/// What the gate asks.
#[cfg(feature = "gate")]
impl Kinds {
    /// The kinds that an object of some kind is a subresource's of, with the subresource's name.
    pub(crate) fn parents(&self, api_version: &str, kind: &str) -> Vec<(&Kind, &str)> {
        let is = |it: &Subresource| {
            it.kind.as_ref().is_some_and(|gvk| gvk.api_version() == api_version && gvk.kind == kind)
        };
        let mut found = Vec::new();
        for parent in &self.0 {
            let of = parent.subresources.iter().filter(|it| is(it));
            found.extend(of.map(|it| (parent, it.name.as_str())));
        }
        found
    }

    /// The kind of a resource as kubectl names it: `pods`, `po`, `deployments.apps`, `deployments.v1.apps`. `near`
    /// is the `apiVersion` that wins among several.
    pub(crate) fn named(&self, name: &str, near: &str) -> Option<&Kind> {
        let name = name.to_lowercase();
        let (plural, rest) = name.split_once('.').unwrap_or((&name, ""));
        let fits = |kind: &&Kind| {
            let Gvk { group, version, .. } = &kind.gvk;
            kind.is_called(plural)
                && (rest.is_empty()
                    || rest == group
                    || rest == format!("{version}.{group}")
                    || (group.is_empty() && rest == version))
        };
        let is_near = |kind: &&Kind| fits(kind) && kind.gvk.api_version() == near;
        self.0.iter().find(is_near).or_else(|| self.0.iter().find(fits))
    }

    /// All of them, as a cluster's resources.
    pub(crate) fn resources(&self) -> impl Iterator<Item = Resource> {
        self.0.iter().map(Kind::resource)
    }

    /// Other versions in which the API server holds the same resource.
    pub(crate) fn equivalents<'a>(&'a self, kind: &'a Kind) -> impl Iterator<Item = &'a Kind> {
        let is_event =
            |it: &Kind| it.plural == "events" && ["", "events.k8s.io"].contains(&it.gvk.group.as_str());
        self.0.iter().filter(move |it| {
            it.gvk != kind.gvk
                && it.plural == kind.plural
                && (it.gvk.group == kind.gvk.group || (is_event(it) && is_event(kind)))
        })
    }
}

/// A line of the table: see its own first lines.
fn line(line: &str) -> Option<Kind> {
    let mut words = line.split_whitespace();
    let api_version = words.next().filter(|word| !word.starts_with('#'))?;
    let (group, version) = split(api_version);
    let gvk = Gvk { group: group.into(), version: version.into(), kind: words.next()?.into() };
    let mut names = words.next()?.split(',').map(str::to_owned);
    let plural = names.next()?;
    let namespaced = words.next()? == "n";
    let subresource = |word: &str| match word.split_once('=') {
        Some((name, kind)) => Subresource { name: name.into(), kind: Gvk::parse(kind) },
        None => Subresource { name: word.into(), kind: None },
    };
    Some(Kind {
        singular: gvk.kind.to_lowercase(),
        gvk,
        plural,
        short: names.collect(),
        namespaced,
        subresources: words.map(subresource).collect(),
        is_custom: false,
    })
}

/// The kinds of a definition, one for each version that is served.
pub(crate) fn custom(definition: &Json) -> Result<Vec<Kind>, String> {
    let spec = Fields::of(definition, "")?.object("spec")?;
    let names = spec.object("names")?;
    let (group, plural, kind) = (spec.text("group")?, names.text("plural")?, names.text("kind")?);
    for (field, value) in [("spec.group", &group), ("spec.names.plural", &plural), ("spec.names.kind", &kind)]
    {
        if value.is_empty() {
            return Err(format!("`{field}` is missing"));
        }
    }
    let short = names.texts("shortNames")?;
    let singular = Some(names.text("singular")?).filter(|name| !name.is_empty());
    let singular = singular.unwrap_or_else(|| kind.to_lowercase());
    let namespaced = spec.text("scope")? == "Namespaced";
    let versions = spec.any("versions").and_then(Json::as_array).ok_or("`spec.versions` is missing")?;
    let mut kinds = Vec::new();
    for version in versions {
        let version = Fields::of(version, "spec.versions[]")?;
        if version.any("served") == Some(&Json::Bool(false)) {
            continue;
        }
        let gvk = Gvk { group: group.clone(), version: version.text("name")?, kind: kind.clone() };
        kinds.push(Kind {
            gvk,
            plural: plural.clone(),
            singular: singular.clone(),
            short: short.clone(),
            namespaced,
            subresources: subresources(&version.object("subresources")?),
            is_custom: true,
        });
    }
    Ok(kinds)
}

fn subresources(of: &Fields<'_>) -> Vec<Subresource> {
    let status = of.any("status").map(|_| Subresource { name: "status".into(), kind: None });
    let scale = of
        .any("scale")
        .map(|_| Subresource { name: "scale".into(), kind: Gvk::parse("autoscaling/v1/Scale") });
    status.into_iter().chain(scale).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_line_is_a_kind_that_can_be_asked_for() {
        let lines = BUILT_IN.lines().filter(|line| !line.starts_with('#')).count();
        let Kinds(kinds) = Kinds::load(std::iter::empty()).unwrap();
        assert_eq!(kinds.len(), lines);
        for kind in &kinds {
            assert!(kind.plural.ends_with('s') && kind.plural == kind.plural.to_lowercase(), "{kind:?}");
            assert!(kind.gvk.version.starts_with('v'), "{kind:?}");
            for subresource in &kind.subresources {
                let shape = subresource.kind.as_ref().map(|gvk| gvk.version.starts_with('v'));
                assert_ne!(shape, Some(false), "{subresource:?}");
            }
        }
    }

    #[test]
    fn finds_what_kubectl_finds() {
        let kinds = Kinds::load(std::iter::empty()).unwrap();
        let find = |name: &str, near: &str| {
            kinds.named(name, near).map(|kind| format!("{} {}", kind.gvk.api_version(), kind.plural))
        };
        assert_eq!(find("po", "").unwrap(), "v1 pods");
        assert_eq!(find("deployments.apps", "").unwrap(), "apps/v1 deployments");
        assert_eq!(find("Deployment.v1.apps", "").unwrap(), "apps/v1 deployments");
        assert_eq!(find("hpa", "").unwrap(), "autoscaling/v2 horizontalpodautoscalers");
        assert_eq!(find("hpa", "autoscaling/v1").unwrap(), "autoscaling/v1 horizontalpodautoscalers");
        assert_eq!(find("events.events.k8s.io", "").unwrap(), "events.k8s.io/v1 events");
        assert_eq!((find("widgets", ""), find("pods.apps", "")), (None, None));
        let parents: Vec<_> = kinds.parents("v1", "PodExecOptions");
        assert!(matches!(parents.as_slice(), [(kind, "exec")] if kind.plural == "pods"), "{parents:?}");
    }
}
