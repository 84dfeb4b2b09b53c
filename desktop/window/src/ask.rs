//! The one command of the page: a question in, an answer out, both as bytes. Whatever waits (a person, a file, a
//! cluster, a run) waits on a thread of its own.
//!
//! It refuses a question that it does not understand, and never answers with a panic.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use desktop::Failure;
use engine::run::Progress;
use engine::workspace::Workspace;
use serde::Serialize;
use tauri::ipc::{Channel, InvokeBody, JavaScriptChannelId, Request, Response};
use tauri::{AppHandle, Manager, State, WebviewWindow};
use wire::{Ended, Packet, Start, ToWindow, WireError};

use crate::clusters::Clusters;
use crate::places::{Places, is_module};
use crate::runs::Runs;
use crate::settings::Settings;
use crate::{consent, dialogs};

/// The header that names the channel on which a run tells its progress.
const CHANNEL: &str = "channel";

/// What the window holds while it is open.
pub(crate) struct Desk(Arc<Inner>);

struct Inner {
    places: Places,
    settings: Settings,
    runs: Runs,
    clusters: Clusters,
}

impl Desk {
    pub(crate) fn new(places: Places, settings: PathBuf) -> Self {
        let settings = Settings::new(settings);
        Self(Arc::new(Inner { places, settings, runs: Runs::start(), clusters: Clusters::default() }))
    }
}

/// Answers the page. The question and the answer are [`wire`]'s packets.
#[tauri::command]
pub(crate) async fn ask(
    window: WebviewWindow,
    desk: State<'_, Desk>,
    request: Request<'_>,
) -> Result<Response, WireError> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(WireError::new("the page asked in a form that the window does not understand", ""));
    };
    let (bytes, desk, app) = (bytes.clone(), Arc::clone(&desk.0), window.app_handle().clone());
    let channel =
        request.headers().get(CHANNEL).and_then(|id| JavaScriptChannelId::from_str(id.to_str().ok()?).ok());
    let channel = channel.map(|id| id.channel_on(window.as_ref().clone()));
    let answer = tauri::async_runtime::spawn_blocking(move || {
        let packet = wire::read::<ToWindow>(&bytes)?;
        answer(&app, &desk, packet, channel)
    });
    let answer = answer.await.unwrap_or_else(|_| {
        let message = "the window stopped unexpectedly at a question of the page";
        Err(WireError::new(message, "nothing you typed is lost; try again"))
    });
    answer.map(Response::new)
}

fn answer(
    app: &AppHandle,
    desk: &Inner,
    packet: Packet<'_, ToWindow>,
    channel: Option<Channel<String>>,
) -> Result<Vec<u8>, WireError> {
    match packet.message {
        ToWindow::Begin => {
            // A page that begins anew waits for no run of the one before.
            desk.runs.stop();
            let (link, file) = desk.places.started();
            say(&Start { machine: desk.runs.machine(), link, file })
        }
        ToWindow::Run { workspace, case, limits, modules } => {
            let read = Workspace::from_json(workspace).map_err(|error| error.message);
            let (request, expect) = match read.and_then(|workspace| workspace.to_run(case, limits)) {
                Ok(run) => run,
                Err(cause) => return say(&Ended::Err(WireError::new(cause, ""))),
            };
            let modules =
                modules.into_iter().zip(packet.buffers.iter().map(|bytes| bytes.to_vec())).collect();
            let tell = move |progress: &Progress| {
                // A page that hears nothing any more has gone.
                let said = serde_json::to_string(progress).unwrap_or_default();
                let _ = channel.as_ref().map(|channel| channel.send(said));
            };
            let (done, texts) = desk.runs.run(request, modules, expect.as_ref(), tell)?;
            let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
            wire::write(&Ended::Ok(done), &texts)
        }
        ToWindow::Stop => {
            desk.runs.stop();
            say(&())
        }
        ToWindow::Started => opened(desk, desk.places.take_started()),
        ToWindow::Open => opened(desk, dialogs::open(app)),
        ToWindow::Again(number) => opened(desk, desk.settings.recent_path(number)),
        ToWindow::Recent => say(&desk.settings.recent()),
        ToWindow::Beside { place, path } => {
            let bytes = desk.places.beside(place, &path).map_err(wrong)?;
            wire::write(&(), &[&bytes])
        }
        ToWindow::Save { place, name } => {
            let text = packet.buffers.first().copied().unwrap_or_default();
            let path = place.and_then(|place| desk.places.path(place)).or_else(|| dialogs::save(app, &name));
            let Some(path) = path else { return say(&None::<wire::Opened>) };
            let saved = desk.places.save(path.clone(), text).map_err(wrong)?;
            desk.settings.note(path);
            say(&Some(saved))
        }
        ToWindow::Contexts(whose) => {
            let key = desk.places.key(&whose);
            say(&desk.clusters.contexts(desk.settings.context(&key)))
        }
        ToWindow::Choose(whose, context) => {
            if let Some(context) = &context {
                desk.clusters.choose(context, &mut consent::Dialog(app)).map_err(wrong)?;
            }
            desk.settings.choose(desk.places.key(&whose), context);
            say(&())
        }
        ToWindow::Bring(wanted) => {
            say(&desk.clusters.bring(&wanted, &mut consent::Dialog(app)).map_err(wrong)?)
        }
    }
}

/// A file that was opened, or none.
fn opened(desk: &Inner, path: Option<PathBuf>) -> Result<Vec<u8>, WireError> {
    let Some(path) = path else { return say(&None::<wire::Opened>) };
    let (opened, bytes) = desk.places.open(path.clone()).map_err(wrong)?;
    // A module is opened into a workspace; it is none itself.
    if !is_module(&path) {
        desk.settings.note(path);
    }
    wire::write(&Some(opened), &[&bytes])
}

fn say(message: &impl Serialize) -> Result<Vec<u8>, WireError> {
    wire::write(message, &[])
}

fn wrong(failure: Failure) -> WireError {
    WireError { message: failure.message, hint: failure.hint }
}
