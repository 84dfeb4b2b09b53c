//! What the window offers beside its machine: files of the person's choice, and clusters. The page never names a
//! path: what a person opened has a number.

use serde::de::DeserializeOwned;
use wire::{Brought, Contexts, Opened, Recent, Start, ToWindow, Wanted, Whose};

use crate::browser::invoke;
use crate::protocol::WireError;

/// A file that was opened, and its bytes.
type File = (Opened, Vec<u8>);

/// The window's desk. It holds nothing: the window does.
#[derive(Clone, Copy, Debug)]
pub struct Desk;

impl Desk {
    pub(super) async fn begin(self) -> Result<Start, WireError> {
        self.ask(&ToWindow::Begin, &[]).await.map(|(start, _)| start)
    }

    pub(super) async fn tell(self, question: &ToWindow) -> Result<(), WireError> {
        self.ask::<()>(question, &[]).await.map(drop)
    }

    /// Opens a file: the one the window was started with, one that the person chooses now, or a recent one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn open(self, which: ToWindow) -> Result<Option<File>, WireError> {
        let (opened, bytes) = self.ask::<Option<Opened>>(&which, &[]).await?;
        Ok(opened.map(|opened| (opened, bytes.unwrap_or_default())))
    }

    /// Reads a file beside an opened workspace.
    ///
    /// # Errors
    /// When it cannot be read, or stands elsewhere.
    pub async fn beside(self, place: u32, path: &str) -> Result<Vec<u8>, WireError> {
        let question = ToWindow::Beside { place, path: path.to_owned() };
        self.ask::<()>(&question, &[]).await.map(|((), bytes)| bytes.unwrap_or_default())
    }

    /// The workspaces that were open before, the latest first.
    pub async fn recent(self) -> Vec<Recent> {
        self.ask(&ToWindow::Recent, &[]).await.map(|(recent, _)| recent).unwrap_or_default()
    }

    /// Saves a workspace's text; `None` when the person chose no place for it.
    ///
    /// # Errors
    /// When it cannot be written; what was there stands.
    pub async fn save(
        self,
        place: Option<u32>,
        name: String,
        text: &str,
    ) -> Result<Option<Opened>, WireError> {
        let question = ToWindow::Save { place, name };
        self.ask(&question, &[text.as_bytes()]).await.map(|(opened, _)| opened)
    }

    /// The clusters that can be chosen.
    pub async fn contexts(self, whose: Whose) -> Contexts {
        let answer = self.ask(&ToWindow::Contexts(whose), &[]).await.map(|(contexts, _)| contexts);
        answer.unwrap_or_else(|error| Contexts { problem: Some(error), ..Contexts::default() })
    }

    /// Chooses a cluster or none.
    ///
    /// # Errors
    /// When it does not answer, or the person does not agree to what its kubeconfig wants.
    pub async fn choose(self, whose: Whose, context: Option<String>) -> Result<(), WireError> {
        self.tell(&ToWindow::Choose(whose, context)).await
    }

    /// Reads objects of a cluster.
    ///
    /// # Errors
    /// As the cluster says.
    pub async fn bring(self, wanted: Wanted) -> Result<Vec<Brought>, WireError> {
        self.ask(&ToWindow::Bring(wanted), &[]).await.map(|(brought, _)| brought)
    }

    /// Asks, and gives the answer with its first buffer.
    async fn ask<T: DeserializeOwned>(
        self,
        question: &ToWindow,
        buffers: &[&[u8]],
    ) -> Result<(T, Option<Vec<u8>>), WireError> {
        let answer = invoke::ask(&wire::write(question, buffers)?, None).await?;
        let packet = wire::read(&answer)?;
        Ok((packet.message, packet.buffers.first().map(|bytes| bytes.to_vec())))
    }
}
