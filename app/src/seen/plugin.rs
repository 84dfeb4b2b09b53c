//! What became of a plugin, as the page shows it: its terminal, its answers, its calls.
//!
//! Refuses to judge: all words are the engine's own.

use engine::report::{
    CommandReport, DashboardReport, HostCall, HostCallCount, OutcomeKind, PluginReport, ServiceReport,
    StepReport, StepState,
};
use engine::request::Role;
use engine::visible::{bytes, millis, sentence};

use super::{
    Act, Group, Lane, Row, Seen, Sheet, Sign, dashboard, drawn, of_status, pretty, service, shown, terminal,
    what_if,
};

/// Puts what is known of a plugin into what is shown, and gives it as a step, with its calls.
pub(super) fn show(
    plugin: PluginReport,
    command: Option<Box<CommandReport>>,
    seen: &mut Seen,
) -> (StepReport, Sheet) {
    let calls = calls(&plugin, &sentence(&seen.outcome.message));
    seen.unused = plugin.grant.unused;
    seen.role = plugin.grant.role;
    let mut ran = Ran { notes: plugin.notes, ..Ran::default() };
    if let Some(command) = command {
        let spans = terminal::spans(&command.stdout.0, &command.stderr.0);
        seen.answers = drawn::terminal(spans, "The plugin printed nothing.");
        let CommandReport { module, digest, stdout, stderr, stderr_dropped, host_calls, .. } = *command;
        ran = Ran { module, digest, stdout: stdout.0, stderr: stderr.0, stderr_dropped, host_calls, ..ran };
    }
    if let Some(report) = plugin.dashboard {
        seen.answers = drawn::sheet(&dashboard::answers(&report), "Nothing was asked of the plugin.");
        let DashboardReport { module, digest, host_calls, .. } = *report;
        ran = Ran { module, digest, host_calls, ..ran };
    }
    if let Some(report) = plugin.service {
        seen.answers = drawn::sheet(&service::answers(&report), "The module offers no service.");
        let ServiceReport { module, digest, host_calls, .. } = *report;
        ran = Ran { module, digest, host_calls, ..ran };
    }
    (ran.step(seen), calls)
}

/// A plugin's module, and what it printed and called.
#[derive(Default)]
struct Ran {
    module: String,
    digest: String,
    notes: Vec<String>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    stderr_dropped: u64,
    host_calls: Vec<HostCallCount>,
}

impl Ran {
    /// The plugin as a step, which is how logs and costs are shown.
    fn step(self, seen: &Seen) -> StepReport {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let is_done = seen.outcome.kind == OutcomeKind::Finished;
        StepReport {
            name: self.module.clone(),
            module: self.module,
            digest: self.digest,
            role: Role::Mutator,
            state: if is_done { StepState::Done } else { StepState::Failed },
            outcome: Some(seen.outcome.clone()),
            results: Vec::new(),
            notes: self.notes,
            stderr: text(&self.stderr),
            stdout: text(&self.stdout),
            stderr_dropped: self.stderr_dropped,
            changes: Vec::new(),
            change_count: 0,
            files: Vec::new(),
            items_in: 0,
            items_out: 0,
            host_calls: self.host_calls,
            fuel: seen.fuel,
            memory_bytes: seen.memory_bytes,
            millis: seen.millis,
        }
    }
}

/// The calls, each with what the guest did next.
fn calls(plugin: &PluginReport, ending: &str) -> Sheet {
    let next = plugin.calls.iter().skip(1).map(HostCall::line).chain([ending.to_owned()]);
    let rows: Vec<Row> = plugin.calls.iter().zip(next).map(|(call, next)| row(call, next)).collect();
    if rows.is_empty() {
        return Sheet::default();
    }
    let listed = match plugin.call_count {
        count if count > rows.len() as u64 => format!("the first {} of {count}", rows.len()),
        count => count.to_string(),
    };
    let lane = Lane { name: "Calls".into(), sign: Sign::new("none", &listed), ..Lane::default() };
    Sheet { facts: Vec::new(), groups: vec![Group { lane, rows }] }
}

fn row(call: &HostCall, next: String) -> Row {
    let sign = match call.status {
        Some(status) => of_status(status),
        None if call.error.is_empty() => Sign::new("none", "done"),
        None => Sign::new("bad", &call.error),
    };
    let name = if call.method.is_empty() { &call.function } else { &call.method };
    let text = |bytes: &engine::bytes::Bytes| pretty(&String::from_utf8_lossy(&bytes.0));
    Row {
        sign,
        name: format!("{name} {}", call.asked).trim_end().to_owned(),
        message: sentence(&call.cause),
        cost: format!("{} · {} at {}", bytes(call.answer_bytes), millis(call.millis), millis(call.at)),
        texts: shown([
            ("Host function", call.function.clone()),
            ("Sent", text(&call.request)),
            ("Answer", text(&call.answer)),
            ("Then", next),
        ]),
        acts: acts(call),
        step: None,
    }
}

/// What can be done about a call: it goes to a shell, or is answered otherwise next time.
fn acts(call: &HostCall) -> Vec<Act> {
    if call.method.is_empty() {
        return Vec::new();
    }
    let copy = Act { label: "Copy as curl".into(), value: curl(call).into(), ..Act::default() };
    let body = String::from_utf8_lossy(&call.answer.0);
    std::iter::once(copy).chain(what_if(call.number, call.status, Some(&body))).collect()
}

/// A call as a shell would make it; where the cluster is, is for the person to say.
fn curl(call: &HostCall) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let of_cluster = if call.asked.starts_with('/') { "\"$SERVER\"" } else { "" };
    let mut line = format!("curl -X {} {of_cluster}{}", call.method, quoted(&call.asked));
    if call.request_bytes > 0 {
        let body = String::from_utf8_lossy(&call.request.0);
        line.push_str(&format!(" -H 'content-type: application/json' --data-binary {}", quoted(&body)));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_line_for_a_shell() {
        let call = HostCall { method: "GET".into(), asked: "/api?a='b'".into(), ..HostCall::default() };
        assert_eq!(curl(&call), r#"curl -X GET "$SERVER"'/api?a='\''b'\'''"#);
        let post = HostCall { request: b"{}".to_vec().into(), request_bytes: 2, ..call };
        assert!(curl(&post).ends_with("--data-binary '{}'"));
    }

    #[test]
    fn what_asked_no_cluster_is_not_changed() {
        let call = HostCall { method: "GET".into(), asked: "/a".into(), ..HostCall::default() };
        assert_eq!(acts(&call).len(), 1);
        assert_eq!(acts(&HostCall { number: 2, ..call }).len(), 5);
        assert!(acts(&HostCall { function: "env.host_log".into(), ..HostCall::default() }).is_empty());
    }
}
