//! Asks a person, one by one, about what a kubeconfig wants beyond being read. No answer is remembered.

use desktop::cluster::{Ask, Consent};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

/// Asks in a dialog over the window. Waits for the person: not for the window's own thread.
pub(crate) struct Dialog<'a>(pub(crate) &'a AppHandle);

impl Consent for Dialog<'_> {
    fn allows(&mut self, ask: &Ask) -> bool {
        let question = format!("The kubeconfig wants to {ask}.\n\nAllow it this time?");
        let dialog = self.0.dialog().message(question).title("Connect to a cluster");
        let dialog = match self.0.get_webview_window("main") {
            Some(window) => dialog.parent(&window),
            None => dialog,
        };
        let buttons = MessageDialogButtons::OkCancelCustom("Allow".into(), "Refuse".into());
        dialog.kind(MessageDialogKind::Warning).buttons(buttons).blocking_show()
    }
}
