//! A go-plugin service: the replies of its calls, and on stderr what it said and why a call has none.
//!
//! Replies are the product: one line of JSON each where the messages are described, else a tree of fields.

use engine::report::{CallReport, CallState, OutcomeKind, PluginReport, Report, ServiceReport};
use engine::visible::visible;

use super::super::console::{tone, toned};
use super::super::text;
use super::command::{refused, remarks};
use super::{Args, Console, Output, Status};

/// Prints a service's report in the form that was asked for, and gives the status to end with.
pub(super) fn print(
    args: &Args,
    report: &Report,
    (plugin, service): (&PluginReport, &ServiceReport),
    console: &mut Console,
) -> Status {
    match args.output.unwrap_or(Output::Text) {
        Output::Json => console.line(text::json(report)),
        Output::Text | Output::Yaml => {
            printed(&service.stdout.0, &service.stderr.0, console);
            if service.calls.is_empty() {
                offered(service, console);
            }
            let several = service.calls.len() > 1;
            for (index, call) in service.calls.iter().enumerate() {
                self::call(several.then_some(index + 1), call, console);
            }
            refused(plugin, console);
            remarks(plugin, console);
            if report.outcome.kind != OutcomeKind::Finished {
                text::verdict_beside(&report.outcome, console);
            }
        }
    }
    Status::of(report)
}

/// What it prints goes to stderr: stdout is for replies.
fn printed(stdout: &[u8], stderr: &[u8], console: &mut Console) {
    console.error_bytes(stdout);
    console.error_bytes(stderr);
}

/// The services, where nothing is asked of them.
fn offered(service: &ServiceReport, console: &mut Console) {
    for offered in &service.services {
        let version = offered.version.map_or_else(String::new, |version| format!(", version {version}"));
        console.line(format!("{}{version}", visible(&offered.name)));
        for method in &offered.methods {
            let types = match method.request.as_str() {
                "" => String::new(),
                request => format!(" ({}) {}", visible(request), visible(&method.reply)),
            };
            console.line(format!("  {}{types}", visible(&method.name)));
        }
    }
}

fn call(number: Option<usize>, call: &CallReport, console: &mut Console) {
    printed(&call.stdout.0, &call.stderr.0, console);
    let name = number.map(|number| format!("{number}. {}", visible(&call.method)));
    match call.state {
        CallState::Returned => {
            if let Some(name) = name {
                console.remark(toned(tone::QUIET, name));
            }
            match (&call.reply.json, call.reply.tree.trim_end()) {
                (Some(json), _) => console.line(visible(&json.to_string())),
                (None, tree) if !tree.is_empty() => console.line(visible(tree)),
                // An empty message, or one too long to show.
                (None, _) => console.line(visible(&call.reply.base64)),
            }
        }
        CallState::NotReached => {}
        // One call's error is the verdict.
        _ => {
            if let Some(name) = name {
                console.remark(format!("{name}: {}", toned(tone::BAD, visible(&call.error))));
            }
        }
    }
}
