//! Small settings of a person, kept in this browser. All of them have defaults: storage may be refused.

use gloo::storage::{LocalStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A setting, or its default when there is none or it cannot be read.
pub(crate) fn get<T: DeserializeOwned + Default>(key: &str) -> T {
    LocalStorage::get(format!("drydock.{key}")).unwrap_or_default()
}

/// Keeps a setting; whether that worked.
pub(crate) fn set<T: Serialize>(key: &str, value: &T) -> bool {
    LocalStorage::set(format!("drydock.{key}"), value).is_ok()
}
