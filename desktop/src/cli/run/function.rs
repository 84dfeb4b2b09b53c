//! A KRM function over manifests or a `ResourceList` that was named.
//!
//! It writes no file: what came out is printed.

use engine::abi::krm::Bundle;
use engine::manifest::{Limits as ManifestLimits, parse};
use engine::module::Module;
use engine::report::Outcome;
use engine::request::{File, Pipeline, PipelineStep, REQUEST_VERSION, RunRequest, Scenario, World};
use engine::run::Modules;

use super::super::input::Input;
use super::{Args, Console, Status, input, pipeline};
use crate::{Failure, modules};

/// What manifests without a name of their own are called.
const UNNAMED: &str = "input.yaml";

pub(super) fn run(args: &Args, module: Module, console: &mut Console) -> Result<Status, Failure> {
    args.refuse_program_options("a KRM function")?;
    let (files, own) = match &args.input {
        None => (Vec::new(), String::new()),
        Some(path) => manifests(Input::read(path)?)?,
    };
    let config = if args.config.is_some() { input::config(args.config.as_ref())? } else { own };
    let name = modules::name(args.file.as_ref());
    let step = PipelineStep { module: name.clone(), config: config.clone(), ..PipelineStep::default() };
    let request = RunRequest {
        version: REQUEST_VERSION,
        scenario: Scenario::Pipeline(Pipeline { files, steps: vec![step] }),
        budget: args.limits.budget(),
        world: World::default(),
    };
    let report = args.run(&request, &Modules::from([(name, module.bytes)]), console);
    pipeline::print(args, &report, &config, console)
}

/// Files from what was given, and the configuration of a `ResourceList`.
fn manifests(given: Input) -> Result<(Vec<File>, String), Failure> {
    let (name, text) = given.text()?;
    if let Some(bundle) = Bundle::read(&name, &text).map_err(|outcome| refused(&outcome))? {
        return Ok((bundle.files, bundle.config));
    }
    // A name that does not say YAML or JSON would hide the manifests from the function.
    let is_named = [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) || name == "Kptfile";
    let path = if is_named { name } else { UNNAMED.to_owned() };
    parse(&text, &ManifestLimits::default())
        .map(|_| (vec![File { path: path.clone(), text: text.clone() }], String::new()))
        .map_err(|error| Failure::new(format!("`{path}` does not parse: {error}")))
}

fn refused(outcome: &Outcome) -> Failure {
    Failure { message: outcome.message.clone(), hint: outcome.hint.clone() }
}
