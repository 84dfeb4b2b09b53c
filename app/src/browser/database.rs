//! What this browser keeps between visits: the workspace as it is typed, and opened modules by digest.
//!
//! Storage may be refused, full or cleared at any time: every answer may be "not here".

use idb::{Database, DatabaseEvent, Error, Factory, KeyPath, ObjectStoreParams, TransactionMode};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::kept::{Kept, NAMED};
use engine::json;

const NAME: &str = "drydock";
const VERSION: u32 = 1;

/// The key of the workspace that is open.
const OPEN: &str = "open";

/// The key of the list of its large texts: place and name.
const OPEN_TEXTS: &str = "open texts";

/// A store of the database.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Store {
    /// Workspaces as text; the one that is open has the key `open`. Its large texts stand beside it by name.
    Workspaces,
    /// Modules' bytes, by digest.
    Modules,
}

impl Store {
    fn name(self) -> &'static str {
        match self {
            Self::Workspaces => "workspaces",
            Self::Modules => "modules",
        }
    }
}

async fn open() -> Result<Database, Error> {
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        for store in [Store::Workspaces, Store::Modules] {
            // A store that exists already is fine.
            let mut params = ObjectStoreParams::new();
            params.key_path(None::<KeyPath>);
            let _ = database.create_object_store(store.name(), params);
        }
    });
    request.await
}

async fn put(store: Store, key: &str, value: &JsValue) -> Result<(), Error> {
    let transaction = open().await?.transaction(&[store.name()], TransactionMode::ReadWrite)?;
    transaction.object_store(store.name())?.put(value, Some(&key.into()))?.await?;
    transaction.commit()?.await?;
    Ok(())
}

async fn get(store: Store, key: &str) -> Result<Option<JsValue>, Error> {
    let transaction = open().await?.transaction(&[store.name()], TransactionMode::ReadOnly)?;
    let key: JsValue = key.into();
    transaction.object_store(store.name())?.get(key)?.await
}

/// A workspace's JSON, and its large texts by place.
type Parts = (String, Vec<(usize, Option<String>)>);

/// Keeps the workspace that is open, all of it or nothing; whether that worked. Large texts that are here already
/// are not written again, and those that it does not have any more go.
pub(crate) async fn put_workspace(kept: &Kept) -> bool {
    put_parts(kept).await.is_ok()
}

async fn put_parts(kept: &Kept) -> Result<(), Error> {
    let name = Store::Workspaces.name();
    let transaction = open().await?.transaction(&[name], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(name)?;
    let keys = store.get_all_keys(None, None)?.await?;
    let here: Vec<String> = keys.iter().filter_map(JsValue::as_string).collect();
    for text in kept.texts.iter().filter(|text| !here.contains(&text.name)) {
        let bytes = Uint8Array::from(text.text.as_bytes());
        store.put(&bytes, Some(&text.name.as_str().into()))?.await?;
    }
    let is_old = |key: &&String| key.starts_with(NAMED) && !kept.texts.iter().any(|text| text.name == **key);
    for key in here.iter().filter(is_old) {
        store.delete(JsValue::from(key.as_str()))?.await?;
    }
    let list: Vec<_> = kept.texts.iter().map(|text| (text.at, &text.name)).collect();
    let list = json::write(&list);
    for (key, text) in [(OPEN, &kept.json), (OPEN_TEXTS, &list)] {
        store.put(&text.as_str().into(), Some(&key.into()))?.await?;
    }
    transaction.commit()?.await?;
    Ok(())
}

/// The parts of the workspace that was open, as they were kept together.
pub(crate) async fn get_workspace() -> Option<Parts> {
    get_parts().await.ok().flatten()
}

async fn get_parts() -> Result<Option<Parts>, Error> {
    let name = Store::Workspaces.name();
    let transaction = open().await?.transaction(&[name], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(name)?;
    let text = |value: Option<JsValue>| value.and_then(|value| value.as_string());
    let Some(json) = text(store.get(JsValue::from(OPEN))?.await?) else { return Ok(None) };
    let list = text(store.get(JsValue::from(OPEN_TEXTS))?.await?).unwrap_or_default();
    let mut texts = Vec::new();
    for (at, name) in json::read::<Vec<(usize, String)>>(&list).unwrap_or_default() {
        let value = store.get(JsValue::from(name))?.await?;
        let bytes = value.and_then(|value| value.dyn_into::<Uint8Array>().ok());
        texts.push((at, bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())));
    }
    Ok(Some((json, texts)))
}

/// Keeps a text; whether that worked.
pub(crate) async fn put_text(store: Store, key: &str, text: &str) -> bool {
    put(store, key, &text.into()).await.is_ok()
}

/// Keeps bytes; whether that worked.
pub(crate) async fn put_bytes(store: Store, key: &str, bytes: &[u8]) -> bool {
    put(store, key, &Uint8Array::from(bytes)).await.is_ok()
}

/// Bytes that were kept.
pub(crate) async fn get_bytes(store: Store, key: &str) -> Option<Vec<u8>> {
    let value = get(store, key).await.ok().flatten()?;
    Some(value.dyn_into::<Uint8Array>().ok()?.to_vec())
}
