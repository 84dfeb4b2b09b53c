//! The window: the page over the compiling machine, with files of the person's choice and their clusters.
//!
//! It shows the page that was built into it and nothing else: it goes to no address, opens no second window, and
//! answers one command, [`ask::ask`]. What it opens never runs by itself.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod ask;
mod clusters;
mod consent;
mod dialogs;
mod places;
mod runs;
mod settings;

use clap::Parser;
use tauri::http::HeaderValue;
use tauri::http::header::CONTENT_TYPE;
use tauri::webview::NewWindowResponse;
use tauri::{App, Manager, Url, WebviewUrl, WebviewWindowBuilder};

use self::ask::Desk;
use self::places::Places;

/// The window of Drydock: the page over a compiling machine, with files and clusters.
#[derive(Parser)]
#[command(name = "drydock-window", version)]
struct Arguments {
    /// What to open: a workspace, its folder, a module, or a share link. Nothing runs by itself.
    #[arg(value_name = "FILE|LINK")]
    open: Option<String>,
}

/// What the window is called, and how large it begins, in CSS pixels: the page's three columns fit.
const TITLE: &str = "Drydock";
const SIZE: (f64, f64) = (1280.0, 800.0);

/// The narrowest that the page is made for.
const LEAST: (f64, f64) = (360.0, 400.0);

fn main() -> Result<(), tauri::Error> {
    let arguments = Arguments::parse();
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![ask::ask])
        .setup(move |app| begin(app, arguments.open.as_deref()).map_err(Into::into))
        .run(tauri::generate_context!())
}

fn begin(app: &App, open: Option<&str>) -> Result<(), tauri::Error> {
    let settings = app.path().app_config_dir()?.join(settings::FILE);
    app.manage(Desk::new(Places::new(open), settings));
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title(TITLE)
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        // Files that are dropped are the page's: it reads them as a browser does.
        .disable_drag_drop_handler()
        .on_web_resource_request(|request, response| {
            if let Some(kind) = kind(request.uri().path()) {
                response.headers_mut().insert(CONTENT_TYPE, kind);
            }
        })
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_document_title_changed(|window, title| {
            // A window whose title cannot be set has been closed.
            let _ = window.set_title(&title);
        })
        .build()?;
    Ok(())
}

/// What a file of the page is, where Tauri would call it HTML: it knows web pages only.
fn kind(path: &str) -> Option<HeaderValue> {
    path.ends_with(".yaml").then_some(HeaderValue::from_static("application/yaml"))
}

/// Whether an address is of the page that was built into the window.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // How Windows spells the same.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn nothing_but_the_page_is_shown() {
        for (address, expected) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#example/x", true),
            ("tauri://elsewhere/", false),
            ("https://example.org/", false),
            ("http://localhost:8080/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_own(&Url::parse(address).unwrap()), expected, "{address}");
        }
    }

    /// The policy of the page, but for the way to the window, and what a header can say and a page cannot.
    #[test]
    fn the_window_is_as_strict_as_the_page() {
        let page = include_str!("../../../index.html");
        let page =
            page.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
        let config: serde_json::Value = serde_json::from_str(include_str!("../tauri.conf.json")).unwrap();
        let window = config["app"]["security"]["csp"].as_str().unwrap();
        let with_ipc = page.replace("connect-src 'self'", "connect-src 'self' ipc: http://ipc.localhost");
        assert_eq!(
            window,
            format!("{with_ipc}; frame-src 'none'; frame-ancestors 'none'; object-src 'none'")
        );
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/window.json")).unwrap();
        assert_eq!(capability["permissions"], serde_json::json!(["allow-ask"]));
        assert!(capability.get("remote").is_none());
    }
}
