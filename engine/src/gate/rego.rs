//! Rego policies in the admission chain: their binary taken, what they need checked before the first request, asked.
//!
//! The objects that a policy may read are given to it with its data; it asks for nothing while it runs.

use serde_json::{Map, Value as Json, json};

use super::calls::Calls;
use super::module::{Asked, Call, Loaded, invalid};
use super::policy::{self, Policy};
use crate::abi::kubewarden::capabilities::{self, Question};
use crate::abi::kubewarden::host;
use crate::abi::policy::{Admission, Failure};
use crate::abi::rego::{self, Ask, Kind};
use crate::abi::{Abi, fields};
use crate::ending;
use crate::module::Module;
use crate::report::{HostAsk, Outcome};
use crate::request::Budget;
use crate::run::Pace;

/// Which kind of Rego policy is spoken to by an ABI.
pub(super) fn kind(abi: Abi) -> Option<Kind> {
    match abi {
        Abi::KubewardenOpa => Some(Kind::Opa),
        Abi::KubewardenGatekeeper => Some(Kind::Gatekeeper),
        _ => None,
    }
}

/// Takes a policy's binary: it gets a memory of its own.
///
/// # Errors
/// [`crate::report::OutcomeKind::Invalid`] when it is no policy that OPA compiled for an ABI that is spoken here.
pub(super) fn take(title: &str, module: &mut Module, policy: &mut Policy<'_>) -> Result<(), Outcome> {
    let (bytes, note) = rego::own_memory(&module.bytes).map_err(|cause| {
        invalid(format!("the Rego policy `{title}` {cause}"))
            .with_hint("build it with a current `opa build -t wasm`")
    })?;
    module.bytes = bytes;
    policy.notes.extend(note);
    Ok(())
}

/// Whether all that a policy needs is here.
///
/// # Errors
/// What is missing, and the call that told it.
pub(super) async fn check(
    loaded: &mut Loaded<'_>,
    name: &str,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(), Box<(Outcome, Call)>> {
    let Some(kind) = kind(loaded.abi) else { return Ok(()) };
    let bytes = loaded.module.as_ref().map_or(&[][..], |module| &module.bytes);
    let (ended, told) = calls.rego((bytes, kind), Ask::Needs).await.map_err(|error| {
        Box::new((ending::refused(&loaded.entry.module, &error, IMPORTS), Call::default()))
    })?;
    let mut call = Call::of(String::new(), ended);
    call.output.clear();
    let told = match told {
        Ok(told) => told,
        Err(Failure(mut outcome)) => {
            outcome.message = format!("the Rego policy `{name}` {}", outcome.message);
            return Err(Box::new((outcome, call)));
        }
    };
    if !told.missing.is_empty() {
        let missing = told.missing.join(", ");
        let outcome = invalid(format!("`{name}` needs built-in functions that are missing here: {missing}"))
            .with_hint(
                "what reaches out or draws by chance is not provided; give it to the policy as settings",
            );
        return Err(Box::new((outcome, call)));
    }
    if let Some(policy) = &mut loaded.policy {
        if told.is_picked {
            let note = "it is asked by its entrypoint `{}`; Kubewarden asks the first";
            policy.notes.push(note.replace("{}", &told.entrypoint));
        }
        policy.checked.join(call);
    }
    Ok(())
}

/// Asks a policy for its verdict on `original` in a request.
pub(super) async fn validate(
    loaded: &Loaded<'_>,
    kind: Kind,
    request: &Json,
    original: Option<&Json>,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Admission>, Outcome> {
    let (inventory, read) = match inventory(loaded, kind, calls) {
        Ok(read) => read,
        Err(cause) => {
            let mut call = Call::default();
            policy::before(loaded, &mut call);
            return Ok(Asked { answer: Err(Failure::malformed(cause)), call });
        }
    };
    let (input, data) = rego::question(kind, request, &loaded.settings, inventory);
    let bytes = loaded.module.as_ref().map_or(&[][..], |module| &module.bytes);
    let (ended, told) = calls
        .rego((bytes, kind), Ask::Verdict { input: &input, data: &data })
        .await
        .map_err(|error| ending::refused(&loaded.entry.module, &error, IMPORTS))?;
    let mut call = Call::of(json!({ "input": input, "data": data }).to_string(), ended);
    call.asks = read;
    call.output = told.as_ref().map(|told| told.results.to_string()).unwrap_or_default();
    policy::before(loaded, &mut call);
    let answer = told.and_then(|told| rego::admission(kind, &told.results, &told.entrypoint, original));
    Ok(Asked { answer, call })
}

/// The way out for a module that imports something else.
const IMPORTS: &str = "a Rego policy may import OPA's `env.memory`, `env.opa_abort`, `env.opa_println` and `env.opa_builtin0` to `4`";

type Inventory = (Option<Json>, Vec<HostAsk>);

/// The objects of the granted kinds, as the kind of policy looks for them; nothing where none is granted.
fn inventory(loaded: &Loaded<'_>, kind: Kind, calls: &mut Calls<'_, impl Pace>) -> Result<Inventory, String> {
    let kinds = &loaded.entry.context_aware;
    if kinds.is_empty() {
        return Ok((None, Vec::new()));
    }
    let grants = loaded.policy.as_ref().map(|policy| policy.grants.clone()).unwrap_or_default();
    let reach = std::mem::take(&mut calls.reach);
    let mut asking = host::Policy::new(grants, reach, &Budget::default());
    let mut inventory = Json::Object(Map::new());
    let filled = kinds.iter().try_for_each(|of| {
        let plural =
            asking.reach.resources.iter().find(|it| it.api_version == of.api_version && it.kind == of.kind);
        let plural = plural.map(|it| it.plural.clone()).unwrap_or_default();
        let payload = json!({ "api_version": of.api_version, "kind": of.kind }).to_string();
        let question = Question {
            binding: "kubewarden",
            namespace: "kubernetes",
            operation: "list_resources_all",
            payload: payload.as_bytes(),
        };
        let answer = capabilities::ask(&mut asking, question)
            .map_err(|cause| format!("cannot be given the objects it may read: {cause}"))?;
        let list: Json = serde_json::from_slice(&answer).unwrap_or_default();
        let items = list.get("items").and_then(Json::as_array).ok_or_else(|| {
            format!(
                "cannot be given the objects it may read: `items` of the list is {}",
                fields::shape(&list)
            )
        })?;
        for item in items {
            put(&mut inventory, kind, (&of.api_version, &of.kind, &plural), item);
        }
        Ok(())
    });
    calls.reach = std::mem::take(&mut asking.reach);
    filled.map(|()| (Some(inventory), asking.asks))
}

/// `cluster[apiVersion][Kind][name]` and `namespace[ns][apiVersion][Kind][name]` for Gatekeeper, `[plural][name]` and
/// `[plural][ns][name]` for OPA.
fn put(inventory: &mut Json, kind: Kind, (api_version, of, plural): (&str, &str, &str), item: &Json) {
    let text = |path: &str| item.pointer(path).and_then(Json::as_str).unwrap_or_default();
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    let path = match (kind, namespace) {
        (Kind::Gatekeeper, "") => vec!["cluster", api_version, of, name],
        (Kind::Gatekeeper, namespace) => vec!["namespace", namespace, api_version, of, name],
        (Kind::Opa, "") => vec![plural, name],
        (Kind::Opa, namespace) => vec![plural, namespace, name],
    };
    let place = path.into_iter().try_fold(inventory, |at, key| {
        let fields = at.as_object_mut()?;
        Some(fields.entry(key).or_insert_with(|| json!({})))
    });
    if let Some(place) = place {
        *place = item.clone();
    }
}
