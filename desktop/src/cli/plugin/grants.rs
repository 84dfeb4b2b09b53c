//! `drydock plugin grants`: what plugins may, shown, given and taken back. It runs nothing.

use engine::visible::visible;

use super::super::{Console, Status};
use crate::plugins::{Grant, Granted, Grants, Store};
use crate::{Failure, modules};

/// Show what plugins may do, grant more, or take it back
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What the plugin is called; all that were asked for if not given
    name: Option<String>,
    /// Let it do this
    #[arg(long, value_enum, value_name = "WHAT", requires = "name")]
    grant: Vec<Grant>,
    /// Let it see the home folder and the environment, as krew-wasm does: `--grant home --grant environment`
    #[arg(long, requires = "name")]
    allow_home: bool,
    /// Forget all that was said of it, before what is granted now
    #[arg(long, requires = "name")]
    revoke: bool,
}

const EXAMPLES: &str = "\
Examples:
  drydock plugin grants
  drydock plugin grants images --grant read
  drydock plugin grants images --revoke
  drydock plugin grants images --revoke --grant read

Grants belong to one build of a plugin: another one is asked for anew. They count for every context of the
kubeconfig that is the current one.";

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let mut grants = Grants::of_person()?;
    let Some(name) = &args.name else {
        let mut all: Vec<(&str, &Granted)> = grants.all().collect();
        all.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
        if all.is_empty() {
            console.line("No plugin was granted anything.");
        }
        for (digest, granted) in all {
            show(&granted.name, digest, granted, console);
        }
        return Ok(Status::DONE);
    };
    let module = modules::read(&Store::of_person()?.find(name)?)?;
    let digest = module.info.digest;
    if args.revoke {
        grants.forget(&digest)?;
    }
    let more = with_home(&args.grant, args.allow_home);
    let mut granted = grants.of(&digest);
    if !more.is_empty() {
        granted.name.clone_from(name);
        more.iter().for_each(|grant| granted.answer(*grant, true));
        grants.keep(&digest, granted.clone())?;
    }
    show(name, &digest, &granted, console);
    Ok(Status::DONE)
}

/// What was granted by name, and by `--allow-home`.
pub(super) fn with_home(grants: &[Grant], allow_home: bool) -> Vec<Grant> {
    let home: &[Grant] = if allow_home { &[Grant::Home, Grant::Environment] } else { &[] };
    grants.iter().chain(home).copied().collect()
}

fn show(name: &str, digest: &str, granted: &Granted, console: &mut Console) {
    console.line(format!("{} ({digest})", visible(name)));
    for (grant, what) in Grant::ALL.map(|grant| (grant, words(grant))) {
        let state = match (granted.allowed.contains(&grant), granted.refused.contains(&grant)) {
            (true, _) => "granted",
            (_, true) => "refused",
            _ => "not granted",
        };
        console.line(format!("  {:11}  {state:11}  {what}", grant.name()));
    }
    for wish in &granted.agreed {
        console.line(format!("  the kubeconfig may {}", visible(wish).replace('\n', " ")));
    }
}

fn words(grant: Grant) -> &'static str {
    match grant {
        Grant::Read => "ask the cluster of the current context, as you may",
        Grant::Write => "change that cluster, as you may",
        Grant::Home => "read and write the files in your home folder",
        Grant::Environment => "see all environment variables",
        Grant::SignIn => "let the kubeconfig sign in as it does for kubectl",
    }
}
