//! What this browser keeps between visits: the workspace as it is typed, and opened modules by digest.
//!
//! Storage may be refused, full or cleared at any time: every answer may be "not here".

use idb::{Database, DatabaseEvent, Error, Factory, KeyPath, ObjectStoreParams, TransactionMode};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

const NAME: &str = "drydock";
const VERSION: u32 = 1;

/// A store of the database.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Store {
    /// Workspaces as text; the one that is open has the key `open`.
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

/// Keeps a text; whether that worked.
pub(crate) async fn put_text(store: Store, key: &str, text: &str) -> bool {
    put(store, key, &text.into()).await.is_ok()
}

/// A text that was kept.
pub(crate) async fn get_text(store: Store, key: &str) -> Option<String> {
    get(store, key).await.ok().flatten()?.as_string()
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
