//! The dialogs in which a person chooses a file. Only these, and what was chosen in them, give the window paths.

use std::path::PathBuf;

use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};

/// Asks which file to open. Waits for the person: not for the window's own thread.
pub(crate) fn open(app: &AppHandle) -> Option<PathBuf> {
    let dialog = over(app, app.dialog().file())
        .set_title("Open a workspace, a manifest or a module")
        .add_filter("Workspaces, manifests, modules", &["yaml", "yml", "json", "wasm", "wat"])
        .add_filter("All files", &["*"]);
    dialog.blocking_pick_file()?.into_path().ok()
}

/// Asks where to save a workspace. Waits for the person, too.
pub(crate) fn save(app: &AppHandle, name: &str) -> Option<PathBuf> {
    // A name without folders: the page chooses no place.
    let name = std::path::Path::new(name).file_name().unwrap_or("drydock.yaml".as_ref());
    let dialog = over(app, app.dialog().file())
        .set_title("Save the workspace")
        .set_file_name(name.to_string_lossy())
        .add_filter("Workspaces", &["yaml", "yml"]);
    dialog.blocking_save_file()?.into_path().ok()
}

/// A dialog that stands over the window.
fn over(app: &AppHandle, dialog: FileDialogBuilder<tauri::Wry>) -> FileDialogBuilder<tauri::Wry> {
    match app.get_webview_window("main") {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}
