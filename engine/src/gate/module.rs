//! The seam between the gate and its modules: a question goes in, a typed answer and everything known of the call
//! come out. An ABI is one arm in each of the three questions, and one in [`Question::check`].
//!
//! It decides nothing: what an answer means to the request is said by the stages.

use serde_json::Value as Json;

use super::calls::Calls;
use super::conditions::Conditions;
use super::group::Group;
use super::policy::{self, Policy};
use super::typed;
use crate::abi::command::Ended;
use crate::abi::policy::{Admission, Authentication, Authorization, Failure};
use crate::abi::{Abi, k8s_wasm, kubewarden};
use crate::ending;
use crate::module::Module;
use crate::module::inspect::{ExportInfo, MAX_LISTED, ModuleInfo};
use crate::module::metadata::PolicyMetadata;
use crate::report::{GateStep, HostAsk, HostCallCount, Outcome, OutcomeKind};
use crate::request::{FailurePolicy, GateModule, LabelSelector, MatchPolicy, PolicyMode, Rule};
use crate::run::{Modules, Pace};
use crate::words;

/// A module of a chain, ready to be asked; without its bytes when it is switched off, or a group.
#[derive(Debug)]
pub(crate) struct Loaded<'a> {
    /// What reports call it.
    pub(crate) name: &'a str,
    pub(crate) entry: &'a GateModule,
    pub(crate) module: Option<Module>,
    pub(crate) abi: Abi,
    /// Its settings; null when it has none.
    pub(crate) settings: Json,
    /// What else must hold for it to be called.
    pub(crate) conditions: Conditions,
    /// What only a Kubewarden policy has.
    pub(crate) policy: Option<Policy<'a>>,
}

impl<'a> Loaded<'a> {
    /// Whether it can be asked.
    pub(crate) fn is_on(&self) -> bool {
        !self.entry.off
    }

    /// Whether it is a group of policies.
    pub(crate) fn is_group(&self) -> bool {
        self.policy.as_ref().is_some_and(|policy| policy.group.is_some())
    }

    /// A group's members.
    pub(crate) fn members(&self) -> &[Loaded<'a>] {
        self.policy.as_ref().and_then(|policy| policy.group.as_ref()).map_or(&[], |group| &group.members)
    }

    /// Whether it may change objects: as its entry says, or else its metadata.
    pub(crate) fn mutating(&self) -> bool {
        let says = || self.metadata().is_some_and(|metadata| metadata.mutating);
        self.entry.mutating.unwrap_or_else(says)
    }

    /// The requests it is called for: as its entry says, or else its metadata.
    pub(crate) fn rules(&self) -> &[Rule] {
        match self.metadata() {
            Some(metadata) if self.entry.rules.is_empty() => &metadata.rules,
            _ => &self.entry.rules,
        }
    }

    fn metadata(&self) -> Option<&PolicyMetadata> {
        self.policy.as_ref()?;
        self.module.as_ref()?.info.policy.as_deref()
    }
}

/// What an admission module is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// An `AdmissionReview` of `uid`.
    Review { review: &'a Json, uid: &'a str },
    /// A raw request.
    Raw(&'a Json),
}

impl<'a> Subject<'a> {
    /// What a policy may change: the request's object, or the whole of a raw request.
    pub(crate) fn original(self) -> Option<&'a Json> {
        match self {
            Self::Review { review, .. } => {
                review.pointer("/request/object").filter(|object| !object.is_null())
            }
            Self::Raw(raw) => Some(raw),
        }
    }
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
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    /// What the module was given, and what it gave.
    pub(crate) input: String,
    pub(crate) output: String,
    pub(crate) stderr: String,
    pub(crate) stderr_dropped: u64,
    /// What it logged through its host.
    pub(crate) logs: Vec<String>,
    /// What it asked its host for.
    pub(crate) asks: Vec<HostAsk>,
    /// What the host has to say.
    pub(crate) notes: Vec<String>,
    pub(crate) host_calls: Vec<HostCallCount>,
    pub(crate) fuel: u64,
    pub(crate) memory_bytes: u64,
    /// The members of a group that were asked.
    pub(crate) members: Vec<GateStep>,
}

impl Call {
    /// What is known of a call that ended.
    pub(crate) fn of(input: String, mut ended: Ended) -> Self {
        let policy = std::mem::take(&mut ended.policy);
        let mut notes = policy.notes;
        if policy.logs.dropped > 0 {
            let dropped = words::count(policy.logs.dropped, "byte");
            notes.push(format!("{dropped} of its logs are over the limit, and dropped"));
        }
        Self {
            input,
            stderr: ended.stderr_text(),
            output: String::from_utf8_lossy(&ended.stdout).into_owned(),
            stderr_dropped: ended.stderr_dropped,
            logs: policy.logs.lines,
            asks: policy.asks,
            notes,
            host_calls: ended.host_calls,
            fuel: ended.fuel,
            memory_bytes: ended.memory_bytes,
            members: Vec::new(),
        }
    }

    /// Puts an earlier call of the same module before this one.
    pub(crate) fn join(&mut self, earlier: Self) {
        self.stderr.insert_str(0, &earlier.stderr);
        self.stderr_dropped += earlier.stderr_dropped;
        self.logs.splice(0..0, earlier.logs);
        self.asks.splice(0..0, earlier.asks);
        self.notes.splice(0..0, earlier.notes);
        self.add(earlier.host_calls, earlier.fuel, earlier.memory_bytes);
    }

    /// Counts a member's call, and keeps its step.
    pub(crate) fn take(&mut self, member: GateStep) {
        self.add(member.host_calls.clone(), member.fuel, member.memory_bytes);
        self.members.push(member);
    }

    fn add(&mut self, host_calls: Vec<HostCallCount>, fuel: u64, memory_bytes: u64) {
        for more in host_calls {
            match self.host_calls.iter_mut().find(|it| it.function == more.function) {
                Some(it) => {
                    (it.count, it.bytes) = (it.count + more.count, it.bytes.saturating_add(more.bytes))
                }
                None => self.host_calls.push(more),
            }
        }
        self.fuel = self.fuel.saturating_add(fuel);
        self.memory_bytes = self.memory_bytes.max(memory_bytes);
    }
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
        self.check_entry(entry)?;
        self.load_as(entry.title(), entry, modules)
    }

    /// The same under a name of its own, as a group's members have it.
    pub(crate) fn load_as<'a>(
        self,
        title: &'a str,
        entry: &'a GateModule,
        modules: &Modules,
    ) -> Result<Loaded<'a>, Outcome> {
        let abi = entry.abi.unwrap_or_default();
        let conditions = Conditions::of(title, &entry.match_conditions)?;
        let settings = Json::Null;
        let loaded = Loaded { name: title, entry, module: None, abi, settings, conditions, policy: None };
        if entry.off {
            return Ok(loaded);
        }
        if entry.is_group() {
            return Ok(Loaded { policy: Some(Policy::of_group(Group::load(entry, modules)?)), ..loaded });
        }
        let name = &entry.module;
        let Some(bytes) = modules.get(name) else {
            let message = format!("the module `{name}` of {} `{title}` is not here", self.role());
            return Err(invalid(message).with_hint("open its file, or pick an example's"));
        };
        let mut module = Module::load(bytes)
            .map_err(|error| invalid(format!("module `{name}`: {error}")).with_hint(error.hint()))?;
        let abi = entry.abi.unwrap_or(module.info.abi.abi);
        self.check(title, abi, &module.info)?;
        let settings = typed::value(&format!("settings of {title}"), &entry.settings)?;
        let mut settings = settings.map(|typed| typed.value).unwrap_or_default();
        let mut policy = None;
        if abi.is_kubewarden() {
            settings = kubewarden::settings(settings)
                .map_err(|cause| invalid(format!("the settings of `{title}` cannot be taken: {cause}")))?;
            let mut taken = Policy::of(title, entry, &module.info)?;
            if super::rego::kind(abi).is_some() {
                super::rego::take(title, &mut module, &mut taken)?;
            }
            policy = Some(taken);
        } else {
            check_plain(title, abi, entry)?;
        }
        Ok(Loaded { module: Some(module), abi, settings, policy, ..loaded })
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
            Abi::KubewardenWapc | Abi::KubewardenWasi if self == Self::Admit => {
                let export = if abi == Abi::KubewardenWapc { kubewarden::wapc::CALL } else { "_start" };
                let is = |it: &ExportInfo| it.name == export && it.kind == "func";
                if info.exports.iter().any(is) || info.export_count > MAX_LISTED as u64 {
                    return Ok(());
                }
                let message =
                    format!("missing function '{export}' in module '{title}', which is a {}", abi.title());
                Err(invalid(message).with_hint("build it with a Kubewarden SDK, or set another `abi`"))
            }
            // What they must export is looked at where their binary is taken.
            Abi::KubewardenOpa | Abi::KubewardenGatekeeper if self == Self::Admit => Ok(()),
            other => {
                let evidence = info.abi.evidence.join("; ");
                let message = format!(
                    "`{title}` is a {}, which the gate cannot ask as an {role}: it {evidence}",
                    other.title()
                );
                let hint = match (self, other) {
                    (Self::Admit, Abi::Wasi) => {
                        "if it is a Kubewarden policy, say so: `abi: kubewarden-wasi`".to_owned()
                    }
                    (Self::Admit, Abi::Opa) => {
                        "say which kind it is: `abi: kubewarden-opa` or `abi: kubewarden-gatekeeper`"
                            .to_owned()
                    }
                    _ => format!("a k8s-wasm {role} exports `{export}`, without parameters"),
                };
                Err(invalid(message).with_hint(hint))
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
            ("mutating", entry.mutating.is_some()),
            ("rules", !entry.rules.is_empty()),
            ("matchPolicy", entry.match_policy != MatchPolicy::default()),
            ("namespaceSelector", entry.namespace_selector != LabelSelector::default()),
            ("objectSelector", entry.object_selector != LabelSelector::default()),
            ("matchConditions", !entry.match_conditions.is_empty()),
            ("failurePolicy", entry.failure_policy != FailurePolicy::default()),
            ("policies", entry.is_group()),
            ("contextAware", !entry.context_aware.is_empty()),
            ("hostCapabilities", !entry.host_capabilities.is_empty()),
            ("policyMode", entry.policy_mode != PolicyMode::default()),
            ("message", !entry.message.is_empty()),
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

/// An outcome of a request that never begins.
pub(super) fn invalid(message: impl Into<String>) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, message)
}

/// Refuses what only a Kubewarden policy can have.
fn check_plain(title: &str, abi: Abi, entry: &GateModule) -> Result<(), Outcome> {
    let fields = [
        ("contextAware", !entry.context_aware.is_empty()),
        ("hostCapabilities", !entry.host_capabilities.is_empty()),
        ("policyMode", entry.policy_mode != PolicyMode::default()),
        ("message", !entry.message.is_empty()),
    ];
    match fields.iter().find(|(_, is_set)| *is_set) {
        None => Ok(()),
        Some((field, _)) => {
            let message = format!("`{title}` has `{field}`, which a {} does not know", abi.title());
            Err(invalid(message).with_hint("it is for Kubewarden policies: remove it"))
        }
    }
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

/// Asks whether an object is right.
///
/// # Errors
/// As [`authenticate`].
pub(crate) async fn admit(
    loaded: &Loaded<'_>,
    subject: Subject<'_>,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Admission>, Outcome> {
    match subject {
        Subject::Review { review, uid } if loaded.policy.is_none() => {
            let read = |response: &Json| k8s_wasm::admission(response, uid, loaded.mutating());
            ask_k8s_wasm(loaded, Question::Admit, review, calls, read).await
        }
        subject => policy::admit(loaded, subject, calls).await,
    }
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
    Ok(Asked { answer, call: Call::of(input, ended) })
}

/// The way out for a module that imports something else.
const IMPORTS: &str = "a k8s-wasm module may import `wasi_snapshot_preview1` only; see the Module tab";
