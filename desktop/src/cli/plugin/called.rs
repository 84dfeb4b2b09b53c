//! This program called as `kubectl-NAME`, which is how kubectl calls a plugin: all of the command line is the plugin's,
//! and so is the status.

use std::ffi::OsStr;
use std::path::Path;

use super::super::limits::{Limits, Means};
use super::super::{Colour, Console, Status};
use super::launch::{Launch, finish};
use crate::cluster::Source;
use crate::machines::Engine;
use crate::plugins::Store;
use crate::{Failure, modules};

/// The plugin that this program is called as, by the name of its link.
pub(crate) fn called_as(program: Option<&OsStr>) -> Option<String> {
    let file = Path::new(program?).file_name()?.to_str()?;
    file.strip_prefix("kubectl-").filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Runs the plugin of this name with the program's own arguments.
pub(crate) fn run(name: &str) -> Status {
    let mut console = Console::new(Colour::Auto);
    let status = attempt(name, &mut console).unwrap_or_else(|failure| console.failure(&failure));
    console.finish(status)
}

fn attempt(name: &str, console: &mut Console) -> Result<Status, Failure> {
    let args = std::env::args_os().skip(1).enumerate().map(|(index, argument)| {
        argument.into_string().map_err(|_| Failure::new(format!("argument {} is not UTF-8", index + 1)))
    });
    let args = args.collect::<Result<Vec<_>, _>>()?;
    let module = modules::read(&Store::of_person()?.find(name)?)?;
    let launch = Launch {
        name,
        module,
        args,
        granted: Vec::new(),
        source: &Source::Default,
        context: None,
        granting: format!("drydock plugin grants {name}"),
        means: Means { engine: Engine::default(), limits: Limits::default() },
    };
    let (report, given) = launch.run(console)?;
    finish(&report, &given, console)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_known_by_its_name() {
        for (program, expected) in [
            ("kubectl-images", Some("images")),
            ("/home/me/.krew-wasm/bin/kubectl-images", Some("images")),
            ("./kubectl-a-b", Some("a-b")),
            ("/usr/bin/drydock", None),
            ("kubectl-", None),
            ("kubectl", None),
            ("", None),
        ] {
            assert_eq!(called_as(Some(OsStr::new(program))).as_deref(), expected, "{program}");
        }
        assert_eq!(called_as(None), None);
    }
}
