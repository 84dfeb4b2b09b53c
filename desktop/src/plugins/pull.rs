//! Fetching a plugin into the store: refused before anything is fetched where its name is taken, looked into before it
//! is kept, and written whole or not at all.
//!
//! A pull that is refused leaves nothing behind, and what was there before stands.

use std::path::{Path, PathBuf};

use engine::module::{MAX_MODULE_BYTES, Module};
use http::header::HeaderMap;

use super::address::{Address, Scheme};
use super::registry;
use super::store::Store;
use super::web::{self, Get, Web};
use crate::{Failure, files, modules};

/// What a binary module begins with.
const MAGIC: &[u8] = b"\0asm";

/// A plugin that was pulled.
#[derive(Debug)]
pub struct Pulled {
    /// What it is called.
    pub name: String,
    /// The module, looked into.
    pub module: Module,
    /// Whether it was there already, and nothing was fetched.
    pub was_there: bool,
}

/// Pulls a plugin. With `force` it is fetched anew, and takes the place of one with its name.
///
/// # Errors
/// A [`Failure`] that names the address and the cause.
pub fn pull(store: &Store, web: &mut Web, address: &Address, force: bool) -> Result<Pulled, Failure> {
    let name = address.plugin();
    let before = store.list()?.into_iter().find(|kept| kept.name == name);
    if let Some(kept) = before.as_ref().filter(|_| !force) {
        let failure = Failure::new(format!("there is a plugin `{name}` already, from {}", kept.location));
        return Err(failure.with_hint(format!(
            "`--force` takes the new one in its place; `drydock plugin rm {name}` removes it"
        )));
    }
    let old = before.and_then(|_| store.find(&name).ok());
    if address.scheme() == Scheme::File {
        let path = whole(&address.path())?;
        let module = modules::read(&path)?;
        store.add(&name, &path)?;
        discard(store, old.as_deref(), &path)?;
        return Ok(Pulled { name, module, was_there: false });
    }
    let file = store.file(address);
    let is_new = !file.exists();
    // One that is broken is fetched anew.
    let kept = (!is_new && !force && !address.moves()).then(|| modules::read(&file).ok()).flatten();
    let was_there = kept.is_some();
    let module = match kept {
        Some(module) => module,
        None => fetch(web, address, &file)?,
    };
    if let Err(failure) = store.add(&name, &file) {
        if is_new {
            // Nobody could find it.
            let _ = store.discard(&file);
        }
        return Err(failure);
    }
    discard(store, old.as_deref(), &file)?;
    Ok(Pulled { name, module, was_there })
}

/// The file that took another's place leaves none behind.
fn discard(store: &Store, old: Option<&Path>, new: &Path) -> Result<(), Failure> {
    match old.filter(|old| *old != new) {
        Some(old) => store.discard(old).map(|_| ()),
        None => Ok(()),
    }
}

fn whole(path: &Path) -> Result<PathBuf, Failure> {
    std::fs::canonicalize(path).map_err(|error| files::cannot(path, "read", &error))
}

fn fetch(web: &mut Web, address: &Address, file: &Path) -> Result<Module, Failure> {
    let bytes = match address.scheme() {
        Scheme::Registry => registry::module(web, address)?,
        _ => get(web, address)?,
    };
    let module = check(address, &bytes)?;
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).map_err(|error| files::cannot(folder, "made", &error))?;
    files::write(file, &bytes)?;
    Ok(module)
}

fn get(web: &mut Web, address: &Address) -> Result<Vec<u8>, Failure> {
    let url = address.to_string().parse();
    let url = url.map_err(|_| Failure::new(format!("`{address}` is no address of a web server")))?;
    let what = format!("the module of `{}`", web::shown(&url));
    let get = Get { url: &url, headers: HeaderMap::new(), limit: MAX_MODULE_BYTES, what: &what };
    let answer = web.get(&get)?;
    match answer.status {
        status if status.is_success() => Ok(answer.body),
        status => Err(Failure::new(format!("{what} was not given (status {})", status.as_u16()))
            .with_hint("check the address")),
    }
}

fn check(address: &Address, bytes: &[u8]) -> Result<Module, Failure> {
    if !bytes.starts_with(MAGIC) {
        return Err(Failure::new(format!("what `{address}` gave is no WebAssembly module"))
            .with_hint("name the module itself, not a page about it or an archive"));
    }
    Module::load(bytes).map_err(|error| {
        Failure::new(format!("what `{address}` gave cannot be used: {error}")).with_hint(error.hint())
    })
}
