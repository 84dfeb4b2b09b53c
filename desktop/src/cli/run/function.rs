//! A KRM function over manifests or a `ResourceList` that was named.
//!
//! It writes no file: what came out is printed.

use engine::module::Module;
use engine::request::{Pipeline, PipelineStep, RunRequest, Scenario};
use engine::run::Modules;
use engine::workspace::wish::Wish;

use super::super::input::Input;
use super::{Args, Console, Status, input, pipeline};
use crate::{Failure, modules};

pub(super) fn run(args: &Args, module: Module, console: &mut Console) -> Result<Status, Failure> {
    args.refuse_program_options("a KRM function")?;
    let (files, own) = match &args.input {
        None => (Vec::new(), String::new()),
        Some(path) => Input::read(path)?.manifests()?,
    };
    let config = if args.config.is_some() { input::config(args.config.as_ref())? } else { own };
    let name = modules::name(args.file.as_ref());
    let step = PipelineStep { module: name.clone(), config: config.clone(), ..PipelineStep::default() };
    let request = RunRequest {
        budget: args.means.limits.budget(),
        ..RunRequest::new(Scenario::Pipeline(Pipeline { files, steps: vec![step] }))
    };
    let report = args.run(&request, Wish::default(), &Modules::from([(name, module.bytes)]), console)?;
    pipeline::print(args, &report, &config, console)
}
