//! The editor bundle (CodeMirror), loaded when the first editor is shown: see `app/editor`.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen(
    inline_js = "export const load = () => import(new URL('editor/editor.js', document.baseURI).href);"
)]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn load() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The module.
    type Bundle;
    #[wasm_bindgen(method, js_name = createEditor)]
    fn create_editor(this: &Bundle, host: &HtmlElement, options: &JsValue) -> Editor;
    #[wasm_bindgen(method, catch)]
    async fn compare(this: &Bundle, before: &str, after: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, js_name = createDiff)]
    fn create_diff(this: &Bundle, host: &HtmlElement, compared: &JsValue, options: &JsValue) -> Diff;

    /// A mounted editor.
    #[derive(Clone)]
    pub(crate) type Editor;
    #[wasm_bindgen(method, js_name = getDoc)]
    pub(crate) fn text(this: &Editor) -> String;
    #[wasm_bindgen(method, js_name = setDoc)]
    pub(crate) fn set_text(this: &Editor, text: &str);
    #[wasm_bindgen(method, js_name = openDoc)]
    fn open_doc(this: &Editor, text: &str, language: &str, on_change: &JsValue);
    #[wasm_bindgen(method, js_name = setDark)]
    pub(crate) fn set_dark(this: &Editor, dark: bool);
    #[wasm_bindgen(method, js_name = setMarks)]
    fn set_marks(this: &Editor, marks: &JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn reveal(this: &Editor, line: u32, column: u32);
    #[wasm_bindgen(method)]
    pub(crate) fn destroy(this: &Editor);

    /// A mounted diff.
    #[derive(Clone)]
    pub(crate) type Diff;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn note(this: &Diff) -> Option<String>;
    #[wasm_bindgen(method, js_name = setDark)]
    pub(crate) fn set_diff_dark(this: &Diff, dark: bool);
    #[wasm_bindgen(method, js_name = destroy)]
    pub(crate) fn destroy_diff(this: &Diff);
}

/// What an editor begins with.
pub(crate) struct EditorOptions<'a> {
    pub(crate) text: &'a str,
    pub(crate) language: &'a str,
    pub(crate) label: &'a str,
    pub(crate) read_only: bool,
    pub(crate) dark: bool,
}

/// How a diff is shown.
pub(crate) struct DiffOptions<'a> {
    pub(crate) language: &'a str,
    pub(crate) label: &'a str,
    pub(crate) dark: bool,
    pub(crate) mode: &'a str,
}

/// The bundle; the browser loads it once.
async fn bundle() -> Result<Bundle, String> {
    load().await.map(JsCast::unchecked_into).map_err(cause)
}

fn cause(error: JsValue) -> String {
    js_sys::Error::from(error).message().as_string().unwrap_or_else(|| "unknown cause".into())
}

/// Mounts an editor. `on_change`, `on_run` and `definitions`, which gives the workspace's texts that define kinds, must
/// outlive it.
pub(crate) async fn create(
    host: &HtmlElement,
    options: &EditorOptions<'_>,
    on_change: &Closure<dyn FnMut(String)>,
    on_run: &Closure<dyn FnMut()>,
    definitions: &Closure<dyn FnMut() -> js_sys::Array>,
) -> Result<Editor, String> {
    let bundle = bundle().await?;
    let object = object(&[
        ("doc", options.text.into()),
        ("language", options.language.into()),
        ("label", options.label.into()),
        ("readOnly", options.read_only.into()),
        ("dark", options.dark.into()),
        ("onChange", on_change.as_ref().clone()),
        ("onRun", on_run.as_ref().clone()),
        ("definitions", definitions.as_ref().clone()),
    ]);
    Ok(bundle.create_editor(host, &object))
}

/// Two texts that were compared, to be shown.
pub(crate) struct Compared {
    bundle: Bundle,
    compared: JsValue,
}

/// Compares two texts. Large ones take many turns of the event loop.
pub(crate) async fn compare(before: &str, after: &str) -> Result<Compared, String> {
    let bundle = bundle().await?;
    let compared = bundle.compare(before, after).await.map_err(cause)?;
    Ok(Compared { bundle, compared })
}

/// Mounts a diff.
pub(crate) fn create_diff(host: &HtmlElement, compared: &Compared, options: &DiffOptions<'_>) -> Diff {
    let object = object(&[
        ("language", options.language.into()),
        ("label", options.label.into()),
        ("dark", options.dark.into()),
        ("mode", options.mode.into()),
    ]);
    compared.bundle.create_diff(host, &compared.compared, &object)
}

impl Editor {
    /// Puts another document in, with a history of its own.
    pub(crate) fn open(&self, text: &str, language: &str, on_change: &Closure<dyn FnMut(String)>) {
        self.open_doc(text, language, on_change.as_ref());
    }

    /// Shows marks: line, column, severity, message.
    pub(crate) fn mark(&self, marks: &[crate::protocol::Mark]) {
        let list: js_sys::Array = marks
            .iter()
            .map(|mark| {
                let column = if mark.column == 0 { JsValue::UNDEFINED } else { mark.column.into() };
                object(&[
                    ("line", mark.line.into()),
                    ("column", column),
                    ("severity", mark.severity.as_str().into()),
                    ("message", mark.message.as_str().into()),
                ])
            })
            .collect();
        self.set_marks(&list);
    }
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        // Setting a property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
