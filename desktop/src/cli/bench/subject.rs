//! What is measured: a workspace's pipeline, a module as a KRM function, or a module as a WASI program.
//!
//! It runs nothing.

use std::path::Path;

use engine::request::{Command, Pipeline, PipelineStep, RunRequest, Scenario};
use engine::run::Modules;

use super::Args;
use crate::cli::input::{self, Input};
use crate::{Failure, load, modules};

/// The request and its modules.
pub(super) fn load(subject: &str, args: &Args) -> Result<(RunRequest, Modules), Failure> {
    let path = Path::new(subject);
    let is_module = path.extension().is_some_and(|end| end == "wasm" || end == "wat");
    if !is_module || load::fragment(subject).is_some() {
        let loaded = load::load(subject, args.guests.as_deref())?;
        return Ok((args.limits.request(&loaded.workspace), loaded.modules));
    }
    let module = modules::read(path)?;
    let name = modules::name(path);
    let scenario = match &args.input {
        Some(input) => function(&name, input, args)?,
        None => Scenario::Command(Command {
            module: name.clone(),
            args: vec![name.clone()],
            ..Command::default()
        }),
    };
    let budget = args.limits.budget();
    let request = RunRequest { budget, ..RunRequest::new(scenario) };
    Ok((request, Modules::from([(name, module.bytes)])))
}

fn function(name: &str, input: &Path, args: &Args) -> Result<Scenario, Failure> {
    if input::is_stdin(input) {
        return Err(Failure::new("stdin can be read once, and there may be several modules")
            .with_hint("name a file for --input"));
    }
    let (files, own) = Input::read(input)?.manifests()?;
    let config = if args.config.is_some() { input::config(args.config.as_ref())? } else { own };
    let step = PipelineStep { module: name.to_owned(), config, ..PipelineStep::default() };
    Ok(Scenario::Pipeline(Pipeline { files, steps: vec![step] }))
}
