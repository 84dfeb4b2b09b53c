//! Runs the program that a kubeconfig names for credentials (`exec`), once and for a bounded time, as client-go
//! does: what it is for in `$KUBERNETES_EXEC_INFO`, an `ExecCredential` on its stdout.
//!
//! It has no stdin. Its stdout is never shown: it holds the credentials. Its stderr is the terminal's, since a
//! program may have to say where to sign in.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use kube::config::ExecConfig;
use serde::Deserialize;
use serde_json::json;

use super::consent::shown;
use super::secret::Secret;
use crate::Failure;

/// How long a program may take: long enough to sign in in a browser.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// The most that a program may print: a chain of certificates and a key are a few kilobytes.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// How often an ended stdout looks for an ended program.
const POLL: Duration = Duration::from_millis(10);

/// What a program gave.
pub(super) struct Answer {
    pub(super) token: Option<Secret>,
    /// A certificate and its key, as PEM.
    pub(super) identity: Option<(String, Secret)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredential {
    api_version: String,
    kind: String,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

/// How a command is shown to a person.
pub(super) fn command_shown(exec: &ExecConfig) -> String {
    shown(exec.command.as_deref().unwrap_or_default(), exec.args.as_deref().unwrap_or_default())
}

/// Runs the program and takes its answer.
pub(super) fn run(exec: &ExecConfig, patience: Duration) -> Result<Answer, Failure> {
    let shown = command_shown(exec);
    let fail = |why: String| {
        Failure::new(format!("`{shown}`, which should give credentials, {why}"))
            .with_hint("run it in a terminal to see what it says")
    };
    let mut command = command(exec)?;
    let child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => fail("is not installed".into()),
        _ => fail(format!("cannot be run: {error}")),
    })?;
    let (status, stdout) = wait(child, patience)
        .ok_or_else(|| fail(format!("did not end within {} s", patience.as_secs_f32().ceil())))?;
    if !status.success() {
        return Err(fail(format!("failed: {status}")));
    }
    let credential: ExecCredential = serde_json::from_slice(&stdout)
        .map_err(|_| fail("printed something else than an `ExecCredential` as JSON".into()))?;
    if credential.kind != "ExecCredential" || Some(&credential.api_version) != exec.api_version.as_ref() {
        return Err(fail("printed an `ExecCredential` of another version than the kubeconfig names".into()));
    }
    let status = credential.status.ok_or_else(|| fail("gave no `status`".into()))?;
    let identity = status.client_certificate_data.zip(status.client_key_data.map(Secret::new));
    let token = status.token.filter(|token| !token.is_empty()).map(Secret::new);
    if token.is_none() && identity.is_none() {
        return Err(fail("gave neither a token nor a certificate with its key".into()));
    }
    Ok(Answer { token, identity })
}

fn command(exec: &ExecConfig) -> Result<Command, Failure> {
    let program = exec.command.as_deref().filter(|command| !command.is_empty());
    let program = program.ok_or_else(|| Failure::new("`exec` in the kubeconfig names no command"))?;
    let version = exec.api_version.as_deref().unwrap_or_default();
    if !matches!(version, "client.authentication.k8s.io/v1" | "client.authentication.k8s.io/v1beta1") {
        return Err(Failure::new(format!("`exec` in the kubeconfig has the apiVersion `{version}`"))
            .with_hint(
                "`client.authentication.k8s.io/v1` and `v1beta1` are spoken; update the program's entry",
            ));
    }
    let info = json!({
        "apiVersion": version,
        "kind": "ExecCredential",
        "spec": { "interactive": false, "cluster": exec.cluster },
    });
    let mut command = Command::new(program);
    command.args(exec.args.iter().flatten()).env("KUBERNETES_EXEC_INFO", info.to_string());
    for variable in exec.env.iter().flatten() {
        if let (Some(name), Some(value)) = (variable.get("name"), variable.get("value")) {
            command.env(name, value);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    Ok(command)
}

/// How a program ended and what it printed; nothing when it took too long, and then it is ended.
fn wait(mut child: Child, patience: Duration) -> Option<(ExitStatus, Vec<u8>)> {
    let began = Instant::now();
    let stdout = child.stdout.take()?;
    let (give, take) = mpsc::channel();
    // Detached: a program's own children may keep its stdout open after it was ended.
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stdout.take(MAX_ANSWER_BYTES).read_to_end(&mut bytes);
        let _ = give.send(bytes);
    });
    let printed = take.recv_timeout(patience).ok();
    while printed.is_some() && began.elapsed() < patience {
        if let Ok(Some(status)) = child.try_wait() {
            return Some((status, printed?));
        }
        std::thread::sleep(POLL);
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let exec = ExecConfig {
            api_version: Some("client.authentication.k8s.io/v1".into()),
            command: Some("sh".into()),
            args: Some(vec!["-c".into(), "sleep 600 & sleep 600".into()]),
            ..ExecConfig::default()
        };
        let began = Instant::now();
        let failure = run(&exec, Duration::from_millis(200)).err().unwrap();
        assert!(failure.message.contains("did not end within 1 s"), "{failure}");
        assert!(began.elapsed() < Duration::from_secs(60));
    }
}
