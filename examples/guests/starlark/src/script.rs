//! Runs a script.
//!
//! The dialect is the catalog's as far as the interpreter has it: statements and loops at the top level,
//! assigning a name again, recursion, `set`. Not `while`, and no `load`.

use std::io::{self, Write};

use function::Failure;
use serde_json::{Map, Value as Json};
use starlark::PrintHandler;
use starlark::environment::{Globals, LibraryExtension, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};
use starlark::values::structs::AllocStruct;

use crate::settings::Settings;

/// What a script may use beyond the language's own functions.
const EXTENSIONS: &[LibraryExtension] = &[
    LibraryExtension::StructType,
    LibraryExtension::SetType,
    LibraryExtension::Map,
    LibraryExtension::Filter,
    LibraryExtension::Print,
    LibraryExtension::Json,
];

/// Runs a script over a resource list, which it changes in place, also when it fails.
///
/// # Errors
/// What the script did wrong, with its line and column.
pub(crate) fn run(settings: &Settings, resource_list: &mut Json) -> Result<(), Failure> {
    evaluate(settings, resource_list).map_err(|error| explain(settings, &error))
}

fn evaluate(settings: &Settings, resource_list: &mut Json) -> starlark::Result<()> {
    let dialect = Dialect {
        enable_def: true,
        enable_lambda: true,
        enable_load: false,
        enable_keyword_only_arguments: true,
        enable_top_level_stmt: true,
        enable_f_strings: true,
        ..Dialect::Standard
    };
    let script = AstModule::parse(&settings.name, settings.source.clone(), &dialect)?;
    let globals = Globals::extended_by(EXTENSIONS);
    Module::with_temp_heap(|module| {
        let heap = module.heap();
        let list = heap.alloc(&*resource_list);
        let environment = heap.alloc(Map::new());
        module.set("ctx", heap.alloc(AllocStruct([("resource_list", list), ("environment", environment)])));
        let ended = {
            let mut evaluator = Evaluator::new(&module);
            // The collector would move the list that is read back below.
            evaluator.disable_gc();
            evaluator.set_print_handler(&Stderr);
            evaluator.eval_module(script, &globals).map(drop)
        };
        *resource_list = list.to_json_value().map_err(starlark::Error::new_other)?;
        ended
    })
}

/// Prints to stderr: stdout belongs to the resource list.
struct Stderr;

impl PrintHandler for Stderr {
    fn println(&self, text: &str) -> starlark::Result<()> {
        writeln!(io::stderr(), "{text}").map_err(starlark::Error::new_other)
    }
}

/// An error in a sentence: where in the script, then what.
fn explain(settings: &Settings, error: &starlark::Error) -> Failure {
    let what = error.without_diagnostic().to_string();
    let what = what.trim_start_matches("error: ").trim();
    let Some(span) = error.span() else { return what.into() };
    let place = span.resolve_span().begin;
    let name = if settings.name.is_empty() { "the script" } else { settings.name.as_str() };
    format!("line {}, column {} of {name}: {what}", place.line + 1, place.column + 1).into()
}
