//! `drydock plugin pull`: one plugin, fetched from the address that is named.

use engine::abi::Abi;
use engine::visible::{bytes, visible};

use super::super::{Console, Status, text};
use crate::Failure;
use crate::plugins::{Address, Store, Web, pull};

/// Fetch a plugin, and let kubectl find it
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A registry's reference, or a URL with registry://, https://, http:// (this machine alone) or file://
    address: String,
    /// Fetch it anew, in place of the plugin that has its name
    #[arg(short, long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  drydock plugin pull ghcr.io/flavio/krew-wasm-plugins/kubewarden:latest
  drydock plugin pull localhost:5000/tree:v2
  drydock plugin pull https://example.com/plugins/tree.wasm
  drydock plugin pull --force file:///home/me/tree/target/wasm32-wasip1/release/tree.wasm

Credentials are those of docker's config.json. A credential helper is not run.";

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Status, Failure> {
    let address = Address::parse(&args.address)?;
    let store = Store::of_person()?;
    console.progress(format!("fetching {address}"));
    let pulled = pull(&store, &mut Web::new()?, &address, args.force)?;
    let info = &pulled.module.info;
    let name = &pulled.name;
    let how = if pulled.was_there { "was in the store already" } else { "was pulled" };
    console.line(format!("`{name}` {how}: {}, {}", bytes(info.bytes), info.digest));
    if !matches!(info.abi.abi, Abi::Krew | Abi::Wasi) {
        console.remark(format!(
            "{} it is a {}, which kubectl plugins are not",
            text::note(),
            info.abi.abi.title()
        ));
    }
    let bin = store.bin();
    // kubectl looks for the words of its command line, joined by dashes.
    let words = name.replace('-', " ");
    let is_found =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|it| it == bin));
    if is_found {
        console.line(format!("`kubectl {words}` runs it."));
    } else {
        let bin = visible(&bin.display().to_string());
        console.line(format!(
            "`kubectl {words}` runs it once PATH has this folder: export PATH=\"{bin}:$PATH\""
        ));
    }
    Ok(Status::DONE)
}
