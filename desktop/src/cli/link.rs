//! `drydock link`: a workspace as a share link, which the page opens as it is.
//!
//! It runs nothing, and leaves nothing out silently: what a link cannot carry is named on stderr.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::link::{MAX_LINKED_MODULE, encode};
use engine::module::{digest, to_binary};
use engine::secrets;
use engine::visible::visible;
use engine::workspace::{ModuleRef, Source};

use super::console::{tone, toned};
use super::{Console, Status};
use crate::Failure;
use crate::load::{self, Read};

/// Print a share link of a workspace
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A workspace file, a folder with drydock.yaml, or a share link to write anew
    workspace: String,
    /// The page's address, put before the link [default: none, which prints `#v1.…` to put behind it]
    #[arg(long, value_name = "URL", value_parser = base)]
    base: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  drydock link .                                   #v1.…
  drydock link . --base https://example.org/play/  https://example.org/play/#v1.…

Files of modules go into the link up to 24 KiB each; of a larger one the link holds the digest, and
its reader opens the file. The examples' guests come with the page. What looks like a secret is named
on stderr; the link is printed all the same.

Exit status: 0 printed, 2 the workspace cannot be read, or is too large for a link.";

pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let mut read = load::read(&args.workspace)?;
    let mut warnings = Vec::new();
    let mut modules = std::mem::take(&mut read.workspace.modules);
    for module in &mut modules {
        warnings.extend(carry(&read, module)?);
    }
    read.workspace.modules = modules;
    let link = encode(&read.workspace)
        .map_err(|error| Failure::new(format!("{}: {error}", read.name)).with_hint(error.hint()))?;
    warnings.extend(secrets::find(&read.workspace));
    for warning in &warnings {
        console.remark(format!("{} {}", toned(tone::WARN, "warning:"), visible(warning)));
    }
    console.line(format!("{}#{link}", args.base.as_deref().unwrap_or_default()));
    Ok(Status::DONE)
}

/// Puts a file's bytes in its place, or its digest where they are too many; what that means for a reader.
fn carry(read: &Read, module: &mut ModuleRef) -> Result<Option<String>, Failure> {
    if !matches!(module.source(), Ok(Source::File(_))) {
        return Ok(None);
    }
    let named = |failure| read.of_module(module, failure);
    let bytes = read.bytes(module, None).map_err(named)?;
    let binary =
        to_binary(&bytes).map_err(|error| named(Failure::new(error.to_string()).with_hint(error.hint())))?;
    module.file = None;
    module.digest = Some(digest(&binary));
    if binary.len() <= MAX_LINKED_MODULE {
        module.base64 = Some(STANDARD.encode(&binary));
        return Ok(None);
    }
    let size = engine::visible::bytes(binary.len() as u64);
    Ok(Some(format!(
        "module `{}` has {size}: the link holds its digest, and its reader opens the file",
        module.name
    )))
}

/// An address without a fragment of its own.
fn base(text: &str) -> Result<String, String> {
    let address = text.split('#').next().unwrap_or_default();
    if address.contains("://") && !address.contains(char::is_whitespace) {
        Ok(address.to_owned())
    } else {
        Err("give a whole address, such as https://example.org/play/".into())
    }
}
