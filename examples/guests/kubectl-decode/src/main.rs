//! Shows what is in secrets, decoded: `kubectl decode [NAME] [-n NAMESPACE | -A] [--color]` asks the cluster, and with
//! `-f FILE` or `-f -` manifests are read instead.
//!
//! Private keys are named and not printed, and nothing in a secret reaches the terminal as an escape sequence.

mod certificate;
mod entry;

use std::fs;
use std::io::{self, Read};
use std::process::ExitCode;

use kubectl_plugin::{Arguments, Cell, Cluster, Colour, Failure, Scope, items, manifest, text};
use serde_json::Value;

fn main() -> ExitCode {
    kubectl_plugin::run(decode)
}

fn decode(arguments: &mut Arguments) -> Result<String, Failure> {
    let scope = arguments.scope()?;
    let file = arguments.value(&["-f", "--filename"])?;
    let color = arguments.flag(&["--color"]);
    let names = arguments.finish(&["[NAME]"])?;
    let name = names.first().map(String::as_str);
    let secrets = match file {
        Some(file) => secrets_in(&open(&file)?, name)?,
        None => secrets_of(&Cluster::connect()?, &scope, name)?,
    };
    if secrets.is_empty() {
        return Ok("There are no secrets.\n".to_owned());
    }
    Ok(secrets.iter().map(|secret| print(secret, color)).collect::<Vec<_>>().join("\n"))
}

/// The text of a file, or of stdin.
fn open(file: &str) -> Result<String, Failure> {
    let read = if file == "-" {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    read.map_err(|error| format!("{file}: {error}").into())
}

/// The secrets of the cluster, or the one that is named.
fn secrets_of(cluster: &Cluster, scope: &Scope, name: Option<&str>) -> Result<Vec<Value>, Failure> {
    let Some(name) = name else { return cluster.list(&cluster.path("/api/v1", "secrets", scope)) };
    if *scope == Scope::All {
        return Err("one secret, or those of all namespaces: a name and `-A` exclude each other".into());
    }
    Ok(vec![cluster.get(&cluster.object("/api/v1", "secrets", scope, name))?])
}

/// The secrets among the objects of a text, lists opened.
fn secrets_in(source: &str, name: Option<&str>) -> Result<Vec<Value>, Failure> {
    let documents =
        manifest::parse(source, &manifest::Limits::default()).map_err(|error| error.to_string())?;
    let mut secrets = Vec::new();
    for document in documents {
        let object = manifest::to_json(&document.root);
        let is_wanted = |object: &&Value| {
            text(object, "/kind") == "Secret"
                && name.is_none_or(|name| text(object, "/metadata/name") == name)
        };
        secrets.extend(items(&object, "/items").chain([&object]).filter(is_wanted).cloned());
    }
    Ok(secrets)
}

fn print(secret: &Value, color: bool) -> String {
    let (namespace, name) = (text(secret, "/metadata/namespace"), text(secret, "/metadata/name"));
    let slash = if namespace.is_empty() { "" } else { "/" };
    let kind = Some(text(secret, "/type")).filter(|kind| !kind.is_empty()).unwrap_or("Opaque");
    let title = Cell::new(format!("{namespace}{slash}{name}"), Colour::Cyan).print(color);
    let mut lines = format!("{title} ({})\n", Cell::from(kind).print(color));
    for (key, value) in entry::all(secret) {
        lines.push_str(&format!("  {}", Cell::new(format!("{key}:"), Colour::Yellow).print(color)));
        match value {
            entry::Value::Text(value) if value.trim_end().contains('\n') => {
                lines.push('\n');
                for line in value.lines() {
                    lines.push_str(&format!("    {}\n", Cell::from(line).print(color)));
                }
            }
            entry::Value::Text(value) => {
                lines.push_str(&format!(" {}\n", Cell::from(value.trim_end()).print(color)));
            }
            entry::Value::Told(told) => {
                lines.push_str(&format!(" {}\n", Cell::new(told, Colour::Grey).print(color)));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests;
