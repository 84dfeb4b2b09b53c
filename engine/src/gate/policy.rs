//! Kubewarden policies in the admission chain: looked into before anything runs, their settings validated before the
//! first request, asked, and their verdict taken as the policy server takes it.
//!
//! Each call has an instance of its own. What a policy asks its host passes the gate of
//! `abi/kubewarden/capabilities.rs`; nothing is granted by default.

use serde_json::Value as Json;

use super::calls::Calls;
use super::group::{self, Group};
use super::module::{Asked, Call, Loaded, Subject, invalid};
use super::rego;
use crate::abi::kubewarden::grants::Grants;
use crate::abi::kubewarden::{self, Operation, wapc, wasi};
use crate::abi::policy::{Admission, Failure, sentence};
use crate::abi::{Abi, answer};
use crate::ending;
use crate::module::inspect::ModuleInfo;
use crate::module::metadata::{PolicyMetadata, PolicyType};
use crate::report::{Outcome, OutcomeKind};
use crate::request::{ContextKind, GateModule, PolicyMode};
use crate::run::Pace;

/// What a policy has beside other modules.
#[derive(Debug, Default)]
pub(crate) struct Policy<'a> {
    pub(crate) grants: Grants,
    pub(crate) group: Option<Group<'a>>,
    /// What validating its settings cost and said, once that is done.
    pub(super) checked: Call,
    /// What a person should know before it runs.
    pub(crate) notes: Vec<String>,
}

impl<'a> Policy<'a> {
    /// Looks at a policy's entry and at what the module says of itself.
    ///
    /// # Errors
    /// [`OutcomeKind::Invalid`] when the entry grants what there is not, or the metadata cannot be honoured.
    pub(crate) fn of(name: &str, entry: &'a GateModule, info: &ModuleInfo) -> Result<Self, Outcome> {
        let grants = Grants::of(entry).map_err(|cause| invalid(format!("`{name}`: {cause}")))?;
        let mut notes = Vec::new();
        match info.policy.as_deref() {
            None => notes.push("it carries no metadata (`kwctl annotate` adds it)".to_owned()),
            Some(metadata) => {
                if let Some(problem) = metadata.problems.first() {
                    let message = format!("the metadata of `{name}` cannot be honoured: {problem}");
                    return Err(invalid(message).with_hint("annotate the module again with `kwctl annotate`"));
                }
                notes.extend(differences(entry, metadata, &grants));
            }
        }
        Ok(Self { grants, notes, ..Self::default() })
    }

    /// A group's.
    pub(crate) fn of_group(group: Group<'a>) -> Self {
        Self { group: Some(group), ..Self::default() }
    }
}

/// Where an entry and the module's metadata differ, or the metadata stands for what the entry leaves out.
fn differences(entry: &GateModule, metadata: &PolicyMetadata, grants: &Grants) -> Vec<String> {
    let mut notes = Vec::new();
    if entry.rules.is_empty() && !metadata.rules.is_empty() {
        notes.push("its rules are those of its metadata".to_owned());
    }
    match entry.mutating {
        None if metadata.mutating => notes.push("it may change objects, as its metadata says".to_owned()),
        Some(false) if metadata.mutating => {
            notes.push("its metadata says that it changes objects, and `mutating` is false here".to_owned());
        }
        _ => {}
    }
    for ContextKind { api_version, kind } in &metadata.context_aware_resources {
        if !grants.kind(api_version, kind) {
            let kind = format!("{}/{}", sentence(api_version), sentence(kind));
            notes.push(format!("its metadata wants to read {kind}, which `contextAware` does not grant"));
        }
    }
    notes
}

/// Whether a policy may be asked about this kind of request.
pub(super) fn check_type(loaded: &Loaded<'_>, is_raw: bool) -> Result<(), Outcome> {
    let name = loaded.name;
    let metadata = loaded.module.as_ref().and_then(|module| module.info.policy.as_deref());
    let says_raw = metadata.is_some_and(|metadata| metadata.policy_type == PolicyType::Raw);
    let can_raw = matches!(loaded.abi, Abi::KubewardenWapc | Abi::KubewardenWasi | Abi::KubewardenOpa);
    match is_raw {
        _ if loaded.entry.off => Ok(()),
        true if loaded.is_group() => {
            Err(invalid(format!("`{name}` is a group, and groups judge no raw requests")))
        }
        true if !can_raw => {
            let kind = loaded.abi.title();
            Err(invalid(format!("`{name}` is a {kind}, which cannot judge a raw request"))
                .with_hint("switch it off, or give an API request"))
        }
        false if says_raw => {
            Err(invalid(format!("`{name}` says in its metadata that it judges raw requests only"))
                .with_hint("give the request as `raw`"))
        }
        _ => loaded.members().iter().try_for_each(|member| check_type(member, is_raw)),
    }
}

/// Validates a policy's settings, or those of a group's members, and keeps what that cost.
///
/// # Errors
/// What is wrong, and the call that told it.
pub(super) async fn check_settings(
    loaded: &mut Loaded<'_>,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(), Box<(Outcome, Call)>> {
    let name = loaded.name.to_owned();
    if let Some(Policy { group: Some(group), .. }) = &mut loaded.policy {
        for member in &mut group.members {
            let of = format!("{name}/{}", member.name);
            check_one(member, &of, calls).await?;
        }
        return Ok(());
    }
    check_one(loaded, &name, calls).await
}

async fn check_one(
    loaded: &mut Loaded<'_>,
    name: &str,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(), Box<(Outcome, Call)>> {
    if !loaded.abi.is_kubewarden() || loaded.module.is_none() {
        return Ok(());
    }
    calls.begin(name).await.map_err(|outcome| Box::new((outcome, Call::default())))?;
    if rego::kind(loaded.abi).is_some() {
        // Rego policies take any settings.
        return rego::check(loaded, name, calls).await;
    }
    check_version(loaded, name, calls).await?;
    let payload = loaded.settings.to_string();
    let (answer, mut call) = spoken(loaded, Operation::ValidateSettings, payload, calls)
        .await
        .map_err(|outcome| Box::new((outcome, Call::default())))?;
    let verdict = answer.and_then(|answer| kubewarden::settings_verdict(&answer));
    match verdict {
        Ok(None) => {
            if let Some(policy) = &mut loaded.policy {
                call.input.clear();
                call.output.clear();
                policy.checked.join(call);
            }
            Ok(())
        }
        Ok(Some(why)) => {
            let outcome = invalid(format!("the settings of `{name}` are not valid: {why}"))
                .with_hint(format!("the policy itself says so: change the settings of {name}"));
            Err(Box::new((outcome, call)))
        }
        Err(Failure(mut outcome)) => {
            outcome.message = format!("the settings of `{name}` cannot be validated: it {}", outcome.message);
            Err(Box::new((outcome, call)))
        }
    }
}

/// Asks a waPC policy that carries no metadata for its protocol. One that does not say is taken for `v1`.
async fn check_version(
    loaded: &mut Loaded<'_>,
    name: &str,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(), Box<(Outcome, Call)>> {
    let has_metadata = loaded.module.as_ref().is_some_and(|module| module.info.policy.is_some());
    if has_metadata || loaded.abi != Abi::KubewardenWapc {
        return Ok(());
    }
    let (answer, call) = spoken(loaded, Operation::ProtocolVersion, String::new(), calls)
        .await
        .map_err(|outcome| Box::new((outcome, Call::default())))?;
    match answer {
        Ok(version) if !kubewarden::is_version(&version) => {
            let version = sentence(&version.to_string());
            let message = format!("`{name}` speaks the protocol {version}, and `v1` is spoken here");
            Err(Box::new((invalid(message), call)))
        }
        Err(failure) if failure.ends_run() => {
            let Failure(mut outcome) = failure;
            outcome.message = format!("`{name}`, asked for its protocol, {}", outcome.message);
            Err(Box::new((outcome, call)))
        }
        Ok(_) => Ok(()),
        Err(_) => {
            if let Some(policy) = &mut loaded.policy {
                policy.notes.push("it does not tell its protocol, and is taken for `v1`".into());
            }
            Ok(())
        }
    }
}

/// Asks a policy or a group for its verdict, and takes it as the policy server does.
///
/// # Errors
/// An [`Outcome`] when a module cannot be run at all; it ends the run.
pub(super) async fn admit(
    loaded: &Loaded<'_>,
    subject: Subject<'_>,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Admission>, Outcome> {
    let request = match subject {
        Subject::Review { review, .. } => kubewarden::request(review.get("request").unwrap_or(&Json::Null)),
        Subject::Raw(raw) => raw.clone(),
    };
    let group = loaded.policy.as_ref().and_then(|policy| policy.group.as_ref());
    let mut asked = match group {
        Some(group) => group::validate(group, &request, calls).await?,
        None => validate(loaded, &request, subject.original(), calls).await?,
    };
    asked.answer = match asked.answer {
        Ok(admission) => settled(loaded, admission),
        Err(failure) => passed_over(loaded, failure),
    };
    Ok(asked)
}

/// Asks one policy for its verdict on `original` in a request.
pub(super) async fn validate(
    loaded: &Loaded<'_>,
    request: &Json,
    original: Option<&Json>,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<Asked<Admission>, Outcome> {
    if let Some(kind) = rego::kind(loaded.abi) {
        return rego::validate(loaded, kind, request, original, calls).await;
    }
    let payload = kubewarden::validation(request, &loaded.settings).to_string();
    let (answer, mut call) = spoken(loaded, Operation::Validate, payload, calls).await?;
    before(loaded, &mut call);
    Ok(Asked { answer: answer.and_then(|answer| kubewarden::admission(&answer, original)), call })
}

/// Puts what was known before a policy was asked before what came of it.
pub(super) fn before(loaded: &Loaded<'_>, call: &mut Call) {
    if let Some(policy) = &loaded.policy {
        call.join(policy.checked.clone());
        call.notes.splice(0..0, policy.notes.iter().cloned());
    }
}

/// Calls an operation of a policy, and reads the one JSON document it answers with.
async fn spoken(
    loaded: &Loaded<'_>,
    operation: Operation,
    payload: String,
    calls: &mut Calls<'_, impl Pace>,
) -> Result<(Result<Json, Failure>, Call), Outcome> {
    let bytes = loaded.module.as_ref().map_or(&[][..], |module| &module.bytes);
    let grants = loaded.policy.as_ref().map(|policy| policy.grants.clone()).unwrap_or_default();
    let refused = |error| ending::refused(&loaded.entry.module, &error, IMPORTS);
    let (mut ended, way) = match loaded.abi {
        Abi::KubewardenWasi => (
            calls.program(bytes, (operation, &payload), grants).await.map_err(refused)?,
            answer::Way::Printed,
        ),
        _ => (calls.wapc(bytes, (operation, &payload), grants).await.map_err(refused)?, answer::Way::Given),
    };
    let response = match way {
        answer::Way::Printed => wasi::response(&mut ended),
        answer::Way::Given => wapc::response(&mut ended),
    };
    let output = response.as_ref().map_or_else(
        |_| String::from_utf8_lossy(&ended.stdout).into_owned(),
        |bytes| String::from_utf8_lossy(bytes).into_owned(),
    );
    let answer = response.and_then(|bytes| answer::document(&bytes, way));
    let mut call = Call::of(payload, ended);
    call.output = output;
    Ok((answer, call))
}

/// The way out for a module that imports something else.
const IMPORTS: &str =
    "a Kubewarden policy may import `wasi_snapshot_preview1`, and `wapc` or `host.call`; see the Module tab";

/// What a verdict comes to under the policy's mode, its right to mutate and its own message.
fn settled(loaded: &Loaded<'_>, mut admission: Admission) -> Result<Admission, Failure> {
    if loaded.entry.policy_mode == PolicyMode::Monitor {
        if !admission.allowed {
            let said = said(&admission);
            admission
                .notes
                .push(format!("it denies it: {said}; its mode is `monitor`, so the request goes on"));
        } else if admission.object.is_some() {
            admission.notes.push("its mode is `monitor`, so what it changed is dropped".into());
        }
        return Ok(Admission {
            allowed: true,
            object: None,
            message: String::new(),
            code: 0,
            reason: String::new(),
            ..admission
        });
    }
    if admission.object.is_some() && !loaded.mutating() {
        let cause = "attempted to mutate the request, but it is currently configured to not allow mutations";
        return Err(Failure::malformed(cause).with_hint("set `mutating: true`, or let it only judge"));
    }
    if !admission.allowed {
        admission.object = None;
        if !loaded.is_group() && !loaded.entry.message.is_empty() {
            let said = said(&admission);
            admission.notes.push(format!("its own message: {said}"));
            admission.message.clone_from(&loaded.entry.message);
        }
    } else if !admission.message.is_empty() {
        admission.notes.push(format!("it says: {}", admission.message));
    }
    Ok(admission)
}

fn said(admission: &Admission) -> String {
    if admission.message.is_empty() { "without explanation".into() } else { admission.message.clone() }
}

/// A failure under the mode `monitor` does not refuse the request, unless it ends the run.
fn passed_over(loaded: &Loaded<'_>, failure: Failure) -> Result<Admission, Failure> {
    if loaded.entry.policy_mode == PolicyMode::Protect || failure.ends_run() {
        return Err(failure);
    }
    let note = format!("it {}; its mode is `monitor`, so the request goes on", failure.cause());
    Ok(Admission { allowed: true, notes: vec![note], ..Admission::default() })
}

/// The status of a policy that failed, as its server gives it to the API server.
pub(super) fn failed(loaded: &Loaded<'_>, failure: &Failure) -> Admission {
    let message = match (loaded.entry.message.as_str(), failure.0.kind) {
        ("", OutcomeKind::Failed | OutcomeKind::Trapped) => {
            format!("internal server error: Guest call failure: {}", failure.cause())
        }
        ("", _) => format!("internal server error: {}", failure.cause()),
        (message, _) => message.to_owned(),
    };
    Admission { code: 500, message, ..Admission::default() }
}

/// How the API server names a policy that refuses.
pub(super) fn subject(loaded: &Loaded<'_>) -> String {
    format!("admission webhook \"clusterwide-{}.kubewarden.admission\"", loaded.name)
}
