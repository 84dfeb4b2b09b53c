//! Files that a person opens, drops or downloads.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, DragEvent, Event, File, FileList, HtmlAnchorElement, HtmlInputElement, Url,
};

/// A file that was opened.
pub(crate) struct Opened {
    pub(crate) name: String,
    /// The bytes, or why they could not be read.
    pub(crate) bytes: Result<Vec<u8>, String>,
}

/// The files that were chosen in an `<input type="file">`; the input is emptied, so that the same file can be
/// chosen again.
pub(crate) fn chosen(event: &Event) -> Vec<File> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    let files = list(input.files());
    input.set_value("");
    files
}

/// The files that were dropped.
pub(crate) fn dropped(event: &DragEvent) -> Vec<File> {
    list(event.data_transfer().and_then(|transfer| transfer.files()))
}

fn list(files: Option<FileList>) -> Vec<File> {
    files.map_or_else(Vec::new, |files| (0..files.length()).filter_map(|index| files.get(index)).collect())
}

/// Reads files, in their order. A file over `most` bytes is not read at all.
pub(crate) async fn read(files: Vec<File>, most: f64) -> Vec<Opened> {
    let mut opened = Vec::new();
    for file in files {
        let bytes = if file.size() > most {
            Err(format!("it has {} bytes, more than the {most} that can be opened", file.size()))
        } else {
            JsFuture::from(file.array_buffer())
                .await
                .map(|buffer| Uint8Array::new(&buffer).to_vec())
                .map_err(|_| "the browser could not read it".to_owned())
        };
        opened.push(Opened { name: file.name(), bytes });
    }
    opened
}

/// Offers a text as a download.
pub(crate) fn download(name: &str, kind: &str, text: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let document = web_sys::window()?.document()?;
    let anchor: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser has begun the download by the next turns.
    gloo::timers::callback::Timeout::new(10_000, move || drop(Url::revoke_object_url(&url))).forget();
    Some(())
}
