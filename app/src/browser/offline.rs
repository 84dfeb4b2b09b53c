//! The service worker that keeps the page for use without a network.

use gloo::events::EventListener;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageEvent;

const SCRIPT: &str = "offline.js";

/// Registers the service worker and asks it to keep `paths`, relative to the page. `ready` is called once all
/// are kept; never where service workers are refused.
pub(crate) async fn keep(paths: &[String], ready: impl FnOnce() + 'static) -> Option<()> {
    let container = web_sys::window()?.navigator().service_worker();
    if container.is_undefined() {
        return None;
    }
    JsFuture::from(container.register(SCRIPT)).await.ok()?;
    let registration: web_sys::ServiceWorkerRegistration =
        JsFuture::from(container.ready().ok()?).await.ok()?.dyn_into().ok()?;
    let mut ready = Some(ready);
    EventListener::new(&container, "message", move |event| {
        let kept = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
        if let (Some("kept"), Some(ready)) =
            (kept.as_deref(), ready.take_if(|_| kept.as_deref() == Some("kept")))
        {
            ready();
        }
    })
    .forget();
    let list: Array = paths.iter().map(|path| wasm_bindgen::JsValue::from(path.as_str())).collect();
    let message = Object::new();
    Reflect::set(&message, &"keep".into(), &list).ok()?;
    registration.active()?.post_message(&message).ok()
}
