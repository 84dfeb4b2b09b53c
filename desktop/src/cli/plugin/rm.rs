//! `drydock plugin rm`: a plugin, its link and what it was granted. A file that was linked from elsewhere stays.

use engine::visible::visible;

use super::super::{Console, Status};
use crate::plugins::{Grants, Store};
use crate::{Failure, modules};

/// Remove a plugin, its link and its grants
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What the plugin is called
    name: String,
}

const EXAMPLES: &str = "\
Example:
  drydock plugin rm decoder";

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let store = Store::of_person()?;
    let file = store.find(&args.name)?;
    let mut grants = Grants::of_person()?;
    // A file that is gone or broken is removed all the same.
    let digest = modules::read(&file).ok().map(|module| module.info.digest);
    let stays = store.remove(&args.name)?;
    let mut forgotten = digest.map_or(Ok(false), |digest| grants.forget(&digest))?;
    // Of its earlier builds, too.
    let earlier: Vec<String> = grants
        .all()
        .filter(|(_, granted)| granted.name == args.name)
        .map(|(digest, _)| digest.to_owned())
        .collect();
    for digest in earlier {
        forgotten |= grants.forget(&digest)?;
    }
    let and = if forgotten { ", and with it what it was granted" } else { "" };
    console.line(format!("`{}` was removed{and}.", visible(&args.name)));
    if let Some(file) = stays {
        console.line(format!("`{}` stays: it is not in the store.", visible(&file.display().to_string())));
    }
    Ok(Status::DONE)
}
