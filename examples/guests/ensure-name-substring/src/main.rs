//! Gives names a prefix or a suffix where they do not contain it yet, and corrects what refers to them, as
//! ensure-name-substring of the krm-functions-catalog does.
//!
//! Which fields refer to which kinds is kustomize's table, in `table.rs`. Names that are part of an API stay:
//! those of a CustomResourceDefinition, an APIService, a Namespace and a Kptfile.

mod references;
mod rename;
mod settings;
mod table;

use std::process::ExitCode;

use function::{Failure, ResourceList};

use crate::settings::Settings;

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration, renames, then corrects references.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let settings = Settings::read(list.config.as_ref())?;
    let renamed = rename::rename(&mut list.items, &settings)?;
    references::correct(&mut list.items, &renamed)
}
