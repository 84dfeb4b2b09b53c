//! Small settings of a person, kept in this browser. All of them have defaults: storage may be refused.

use gloo::storage::{LocalStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;

use engine::json;

/// A setting, or its default when there is none or it cannot be read.
pub(crate) fn get<T: DeserializeOwned + Default>(key: &str) -> T {
    let text = LocalStorage::raw().get_item(&format!("drydock.{key}")).ok().flatten();
    text.and_then(|text| json::read(&text).ok()).unwrap_or_default()
}

/// Keeps a setting; whether that worked.
pub(crate) fn set<T: Serialize>(key: &str, value: &T) -> bool {
    LocalStorage::raw().set_item(&format!("drydock.{key}"), &json::write(value)).is_ok()
}
