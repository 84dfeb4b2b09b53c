//! Sets the name, tag or digest of an image wherever it is used, as set-image of the krm-functions-catalog
//! documents it.
//!
//! What the catalog's code leaves out by a misspelling (init containers) is done as its documents say. The
//! image's name is compared as text, never as a pattern.

mod reference;

use std::process::ExitCode;

use function::{
    Config, Failure, FieldSpec, GroupKind, Gvk, KrmResult, Object, ResourceList, replace_string, text_map,
};
use manifest::Node;

use crate::reference::Reference;

/// The function's own kind of configuration.
const OWN: GroupKind<'_> = GroupKind { group: "fn.kpt.dev", kind: "SetImage" };
/// Where pods stand: a Pod, a workload's template, a PodTemplate, a CronJob's.
const POD_SPECS: [&str; 4] =
    ["spec", "spec/template/spec", "template/spec", "spec/jobTemplate/spec/template/spec"];
/// Where images stand in a pod.
const IMAGES: [&str; 3] = ["containers[]/image", "initContainers[]/image", "volumes[]/image/reference"];

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration and sets the images.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let (image, fields) = match read(list.config.as_ref()) {
        Ok(settings) => settings,
        Err(failure) => return Err(list.fail(failure.to_string())),
    };
    let mut results = Vec::new();
    for item in &mut list.items {
        for field in fields.iter().filter(|field| field.selects(item)).collect::<Vec<_>>() {
            set(item, field, &image, &mut results)?;
        }
    }
    let summary = format!("summary: updated a total of {} image(s)", results.len());
    list.results.extend(results);
    list.report(KrmResult::info(summary));
    Ok(())
}

/// Sets the images of one field, and reports each.
fn set(
    item: &mut Node,
    field: &FieldSpec,
    image: &Image,
    results: &mut Vec<KrmResult>,
) -> Result<(), Failure> {
    let mut updates = Vec::new();
    field.change(item, &Node::string(""), &mut |value, path| {
        let Some(current) = value.scalar_text().map(str::to_owned) else { return Ok(()) };
        if let Some(next) = image.next(&current) {
            replace_string(value, &next);
            updates.push((path.to_owned(), current, next));
        }
        Ok(())
    })?;
    results.extend(updates.into_iter().map(|(path, current, next)| {
        KrmResult::info(format!("updated image from {current} to {next}")).about(item).field(&path)
    }));
    Ok(())
}

/// Which image, and what becomes of it. Empty: not given.
#[derive(Debug, Default)]
struct Image {
    name: String,
    new_name: String,
    new_tag: String,
    digest: String,
}

impl Image {
    /// What a reference becomes; none when it is another image's, or stays the same.
    fn next(&self, current: &str) -> Option<String> {
        let mut reference = Reference::parse(current);
        if reference.name != self.name {
            return None;
        }
        if !self.new_name.is_empty() {
            reference.name = &self.new_name;
        }
        // A new tag or digest replaces both.
        if !self.new_tag.is_empty() {
            (reference.tag, reference.digest) = (&self.new_tag, "");
        } else if !self.digest.is_empty() {
            (reference.tag, reference.digest) = ("", &self.digest);
        }
        Some(reference.to_string()).filter(|next| next != current)
    }

    /// Takes one setting.
    fn set(&mut self, key: &str, value: &str) -> Result<(), Failure> {
        let field = match key {
            "name" => &mut self.name,
            "newName" => &mut self.new_name,
            "newTag" => &mut self.new_tag,
            "digest" => &mut self.digest,
            _ => return Err(format!("ConfigMap has wrong field name {key}").into()),
        };
        value.clone_into(field);
        Ok(())
    }

    /// Checks that the settings say one thing.
    fn check(self) -> Result<Self, Failure> {
        if self.name.is_empty() {
            return Err("must specify `name`".into());
        }
        if [&self.new_name, &self.new_tag, &self.digest].into_iter().all(String::is_empty) {
            return Err("must specify one of `newName`, `newTag`, or `digest`".into());
        }
        if !self.new_tag.is_empty() && !self.digest.is_empty() {
            return Err("image `newTag` and `digest` both set, set only one".into());
        }
        Ok(self)
    }
}

/// Reads a `functionConfig`: the image, and the fields to look at.
fn read(config: Option<&Node>) -> Result<(Image, Vec<FieldSpec>), Failure> {
    let mut fields: Vec<FieldSpec> = POD_SPECS
        .iter()
        .flat_map(|spec| {
            IMAGES.iter().map(move |image| FieldSpec::new(Gvk::default(), &format!("{spec}/{image}")))
        })
        .collect();
    let settings = match Config::of(config, OWN) {
        Config::Own(node) => {
            fields.extend(FieldSpec::read_all("additionalImageFields", node.get("additionalImageFields"))?);
            text_map(node.get("image"))
        }
        Config::Unknown(node) => {
            return Err(format!(
                "unknown FunctionConfig kind {}, expect `ConfigMap` or `SetImage`",
                node.kind()
            )
            .into());
        }
        other => other.data(),
    };
    let mut image = Image::default();
    for (key, value) in settings {
        image.set(key, value)?;
    }
    Ok((image.check()?, fields))
}
