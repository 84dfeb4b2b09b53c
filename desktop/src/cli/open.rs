//! `drydock open`: the window on a workspace.
//!
//! It opens nothing by itself: the window is a program of its own, `drydock-window`, and may not be installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Console, Status};
use crate::{Failure, load};

/// Open the window, on a workspace or empty
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A workspace file, a folder with drydock.yaml, or a share link [default: what was open before]
    workspace: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  drydock open
  drydock open examples/set-an-image
  drydock open 'https://…/#v1.…'

The window is the program `drydock-window`: beside this one, or on the PATH. Opening runs nothing.

Exit status: 0 the window was started, 2 it is not installed, or the workspace cannot be read.";

/// What the window's program is called.
const WINDOW: &str = "drydock-window";

pub(crate) fn run(args: &Args, _: &mut Console) -> Result<Status, Failure> {
    // What is wrong with a workspace is said here, where it was typed.
    let workspace = args.workspace.as_deref().map(argument).transpose()?;
    let program = find().ok_or_else(|| {
        Failure::new(format!("`{WINDOW}` is neither beside this program nor on the PATH"))
            .with_hint("install Drydock's package, or build it: `cargo build --package drydock-window`")
    })?;
    let mut command = Command::new(&program);
    command.args(workspace).stdin(Stdio::null()).stdout(Stdio::null());
    apart(&mut command);
    command.spawn().map_err(|error| {
        Failure::new(format!("`{}` cannot be started: {error}", program.display()))
            .with_hint("install it again")
    })?;
    Ok(Status::DONE)
}

/// What the window is handed: a link as it is, or the file.
fn argument(workspace: &str) -> Result<String, Failure> {
    let read = load::read(workspace)?;
    Ok(if read.folder.is_some() { read.name } else { workspace.to_owned() })
}

fn find() -> Option<PathBuf> {
    let name = format!("{WINDOW}{}", std::env::consts::EXE_SUFFIX);
    let own = std::env::current_exe().ok();
    let own = own.and_then(|path| path.canonicalize().ok()).unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.parent().map(Path::to_path_buf).into_iter().chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join(&name)).find(|file| file.is_file())
}

/// Ctrl-C in the terminal is not for the window.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_: &mut Command) {}
