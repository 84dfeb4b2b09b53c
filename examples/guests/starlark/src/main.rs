//! Runs the Starlark script of its configuration over the resources, as starlark of the krm-functions-catalog
//! does: write a function without a compiler.
//!
//! The script sees `ctx.resource_list`, a dict with `items` and `functionConfig` that it changes in place, and
//! `ctx.environment`, which is empty. It fails with `fail("why")`; `print` goes to stderr. Beyond the catalog's
//! function, the dicts it appends to `ctx.resource_list["results"]` become results. Missing here:
//! `ctx.open_api`, `load`, and `while`. How long a script may run, the host decides.

mod result;
mod script;
mod settings;

use std::process::ExitCode;

use function::{Failure, KrmResult, ResourceList};
use manifest::{from_json, to_json};
use serde_json::{Map, Value, json};

use crate::settings::Settings;

fn main() -> ExitCode {
    function::run(process)
}

/// Runs the script; an error of any kind is a result and a failure.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let outcome = Settings::read(list.config.as_ref()).and_then(|settings| {
        let mut resource_list = Value::Object(given(list));
        let ended = script::run(&settings, &mut resource_list);
        // What a script reported before it failed often says why it failed.
        take_results(&resource_list, list)?;
        ended?;
        take_items(&resource_list, list)
    });
    outcome.inspect_err(|failure| list.report(KrmResult::error(failure.to_string())))
}

/// The list as the script sees it.
fn given(list: &ResourceList) -> Map<String, Value> {
    let mut resource_list = Map::new();
    resource_list.insert("apiVersion".to_owned(), json!("config.kubernetes.io/v1"));
    resource_list.insert("kind".to_owned(), json!("ResourceList"));
    resource_list.insert("items".to_owned(), list.items.iter().map(to_json).collect());
    if let Some(config) = &list.config {
        resource_list.insert("functionConfig".to_owned(), to_json(config));
    }
    resource_list.insert("results".to_owned(), json!([]));
    resource_list
}

/// Takes the items that the script left.
fn take_items(resource_list: &Value, list: &mut ResourceList) -> Result<(), Failure> {
    let items = elements(resource_list, "items")?;
    if let Some(index) = items.iter().position(|item| !item.is_object()) {
        return Err(format!("the script left no dict at items[{index}] of ctx.resource_list").into());
    }
    list.items = items.iter().map(from_json).collect();
    Ok(())
}

/// Takes the results that the script appended.
fn take_results(resource_list: &Value, list: &mut ResourceList) -> Result<(), Failure> {
    for (index, result) in elements(resource_list, "results")?.iter().enumerate() {
        let result = result::read(result)
            .map_err(|cause| format!("results[{index}] of ctx.resource_list, from the script: {cause}"))?;
        list.report(result);
    }
    Ok(())
}

/// The elements of a list of the resource list; none when the script removed it.
fn elements<'a>(resource_list: &'a Value, key: &str) -> Result<&'a [Value], Failure> {
    match resource_list.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(elements)) => Ok(elements),
        Some(_) => Err(format!("the script left no list at {key} of ctx.resource_list").into()),
    }
}
