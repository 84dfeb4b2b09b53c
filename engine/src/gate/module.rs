//! The seam between the gate and its modules: a question goes in, a typed answer and everything known of the call
//! come out. An ABI is one arm in each of the three questions, and one in [`Question::check`].
//!
//! It decides nothing: what an answer means to the request is said by the stages.

use serde_json::Value as Json;

use super::calls::Calls;
use super::objects;
use crate::abi::command::Ended;
use crate::abi::policy::{Admission, Authentication, Authorization, Failure};
use crate::abi::{Abi, k8s_wasm};
use crate::ending;
use crate::module::Module;
use crate::module::inspect::{MAX_LISTED, ModuleInfo};
use crate::report::{HostCallCount, Outcome, OutcomeKind};
use crate::request::{FailurePolicy, GateModule, LabelSelector, MatchPolicy};
use crate::run::{Modules, Pace};

/// A module of a chain, ready to be asked; without its bytes when it is switched off.
#[derive(Debug)]
pub(crate) struct Loaded<'a> {
    pub(crate) entry: &'a GateModule,
    pub(crate) module: Option<Module>,
    pub(crate) abi: Abi,
    /// Its settings; null when it has none.
    pub(crate) settings: Json,
}

/// What a chain asks of its modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Authenticate,
    Authorize,
    Admit,
}

/// A module's answer, and what is known of the call.
#[derive(Debug)]
pub(crate) struct Asked<T> {
    pub(crate) answer: Result<T, Failure>,
    pub(crate) call: Call,
}

/// What is known of a call.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// What the module was given, and what it gave.
    pub(crate) input: String,
    pub(crate) output: String,
    pub(crate) stderr: String,
    pub(crate) stderr_dropped: u64,
    /// What it logged through its host.
    pub(crate) logs: Vec<String>,
    pub(crate) host_calls: Vec<HostCallCount>,
    pub(crate) fuel: u64,
    pub(crate) memory_bytes: u64,
}

impl Question {
    /// What a chain's modules are called.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticator",
            Self::Authorize => "authorizer",
            Self::Admit => "admission module",
        }
    }

    /// Looks into the module of an entry.
    ///
    /// # Errors
    /// [`OutcomeKind::Invalid`] when it is not here, is no module, cannot answer this question, or its entry or
    /// settings cannot be read. Nothing runs then.
    pub(crate) fn load<'a>(self, entry: &'a GateModule, modules: &Modules) -> Result<Loaded<'a>, Outcome> {
        let title = entry.title();
        self.check_entry(entry)?;
        if entry.off {
            let abi = entry.abi.unwrap_or_default();
            return Ok(Loaded { entry, module: None, abi, settings: Json::Null });
        }
        let name = &entry.module;
        let Some(bytes) = modules.get(name) else {
            let message = format!("the module `{name}` of {} `{title}` is not here", self.role());
            return Err(invalid(message).with_hint("open its file, or pick an example's"));
        };
        let module = Module::load(bytes)
            .map_err(|error| invalid(format!("module `{name}`: {error}")).with_hint(error.hint()))?;
        let abi = entry.abi.unwrap_or(module.info.abi.abi);
        self.check(title, abi, &module.info)?;
        let settings = objects::value(&format!("settings of {title}"), &entry.settings)?;
        let settings = settings.map(|typed| typed.value).unwrap_or_default();
        Ok(Loaded { entry, module: Some(module), abi, settings })
    }

    /// Whether a module of an ABI can be asked this.
    fn check(self, title: &str, abi: Abi, info: &ModuleInfo) -> Result<(), Outcome> {
        let role = self.role();
        let export = self.export();
        match abi {
            Abi::K8sWasm => {
                let is_there = |it: &&str| {
                    info.exports.iter().any(|export| export.name == **it && export.kind == "func")
                };
                // A list that was cut says nothing of what is missing; the call will.
                if is_there(&export) || info.export_count > MAX_LISTED as u64 {
                    return Ok(());
                }
                let others: Vec<_> = [k8s_wasm::AUTHN, k8s_wasm::AUTHZ, k8s_wasm::VALIDATE]
                    .into_iter()
                    .filter(is_there)
                    .collect();
                let has = if others.is_empty() {
                    String::new()
                } else {
                    format!("; it exports `{}`", others.join("`, `"))
                };
                let message = format!(
                    "missing function '{export}' in module '{title}', which is configured as an {role}"
                );
                Err(invalid(message)
                    .with_hint(format!("a k8s-wasm {role} exports `{export}`, without parameters{has}")))
            }
            other => {
                let evidence = info.abi.evidence.join("; ");
                let message = format!(
                    "`{title}` is a {}, which the gate cannot ask as an {role}: it {evidence}",
                    other.title()
                );
                Err(invalid(message)
                    .with_hint(format!("a k8s-wasm {role} exports `{export}`, without parameters")))
            }
        }
    }

    /// The export of a k8s-wasm module that answers.
    fn export(self) -> &'static str {
        match self {
            Self::Authenticate => k8s_wasm::AUTHN,
            Self::Authorize => k8s_wasm::AUTHZ,
            Self::Admit => k8s_wasm::VALIDATE,
        }
    }

    /// Refuses what an entry of this chain cannot mean.
    fn check_entry(self, entry: &GateModule) -> Result<(), Outcome> {
        if self == Self::Admit {
            for (field, selector) in
                [("namespaceSelector", &entry.namespace_selector), ("objectSelector", &entry.object_selector)]
            {
                super::selector::check(selector).map_err(|cause| {
                    invalid(format!("the `{field}` of `{}` cannot be read: {cause}", entry.title()))
                })?;
            }
            return Ok(());
        }
        let fields = [
            ("mutating", entry.mutating),
            ("rules", !entry.rules.is_empty()),
            ("matchPolicy", entry.match_policy != MatchPolicy::default()),
            ("namespaceSelector", entry.namespace_selector != LabelSelector::default()),
            ("objectSelector", entry.object_selector != LabelSelector::default()),
            ("matchConditions", !entry.match_conditions.is_empty()),
            ("failurePolicy", entry.failure_policy != FailurePolicy::default()),
        ];
        match fields.iter().find(|(_, is_set)| *is_set) {
            None => Ok(()),
            Some((field, _)) => {
                let message =
                    format!("{} `{}` has `{field}`, which is for admission only", self.role(), entry.title());
                Err(invalid(message).with_hint("remove it, or move the module to `admission`"))
            }
        }
    }
}

fn invalid(message: impl Into<String>) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, message)
}

/// Asks whose a token is. `review` is a `TokenReview`.
///
/// # Errors
/// An [`Outcome`] when the module cannot be run at all; it ends the run.
pub(crate) async fn authenticate(
    loaded: &Loaded<'_>,
    review: &Json,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Authentication>, Outcome> {
    ask_k8s_wasm(loaded, Question::Authenticate, review, calls, k8s_wasm::authentication).await
}

/// Asks whether a user may. `review` is a `SubjectAccessReview`.
///
/// # Errors
/// As [`authenticate`].
pub(crate) async fn authorize(
    loaded: &Loaded<'_>,
    review: &Json,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Authorization>, Outcome> {
    ask_k8s_wasm(loaded, Question::Authorize, review, calls, k8s_wasm::authorization).await
}

/// Asks whether an object is right. `review` is an `AdmissionReview` of `uid`.
///
/// # Errors
/// As [`authenticate`].
pub(crate) async fn admit(
    loaded: &Loaded<'_>,
    (review, uid): (&Json, &str),
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Admission>, Outcome> {
    let mutating = loaded.entry.mutating;
    let read = |response: &Json| k8s_wasm::admission(response, uid, mutating);
    ask_k8s_wasm(loaded, Question::Admit, review, calls, read).await
}

/// Asks a k8s-wasm module, in an instance of its own.
async fn ask_k8s_wasm<T>(
    loaded: &Loaded<'_>,
    question: Question,
    review: &Json,
    calls: &mut Calls<'_, impl Pace>,
    read: impl Fn(&Json) -> Result<T, Failure>,
) -> Result<Asked<T>, Outcome> {
    let input = k8s_wasm::envelope(review, &loaded.settings);
    let bytes = loaded.module.as_ref().map_or(&[][..], |module| &module.bytes);
    let ended = calls
        .wasi((bytes, question.export()), input.as_bytes())
        .await
        .map_err(|error| ending::refused(&loaded.entry.module, &error, IMPORTS))?;
    let answer = k8s_wasm::response(&ended.result, &ended.stdout).and_then(|response| read(&response));
    Ok(Asked { answer, call: call(input, ended) })
}

/// The way out for a module that imports something else.
const IMPORTS: &str = "a k8s-wasm module may import `wasi_snapshot_preview1` only; see the Module tab";

fn call(input: String, ended: Ended) -> Call {
    Call {
        input,
        stderr: ended.stderr_text(),
        output: String::from_utf8_lossy(&ended.stdout).into_owned(),
        stderr_dropped: ended.stderr_dropped,
        logs: Vec::new(),
        host_calls: ended.host_calls,
        fuel: ended.fuel,
        memory_bytes: ended.memory_bytes,
    }
}
