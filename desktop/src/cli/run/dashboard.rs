//! A dashboard plugin: a package that was named, or a workspace's, and how its answers are printed.
//!
//! It opens packages in memory and unpacks nothing. Of a front end it prints names: nothing of it runs.

use std::path::Path;

use engine::module::Module;
use engine::package::{self, MAX_PACKAGE_BYTES, Package};
use engine::report::{AnswerReport, DashboardReport, HostCall, OutcomeKind, PluginReport, Report};
use engine::request::{DashboardPlugin, DashboardRequest, File, Plugin, RunRequest, Scenario};
use engine::run::Modules;
use engine::visible::{bytes, visible};
use engine::words::{count, grouped};
use engine::workspace::wish::Wish;

use super::super::console::{tone, toned};
use super::super::input::Input;
use super::super::text;
use super::{Args, Console, Output, Status, useless};
use crate::{Failure, files};

/// How many calls are printed; the report holds more.
const MAX_CALLS: usize = 50;

/// Whether a name is a package's.
pub(in crate::cli) fn is_package(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.ends_with(".tar.gz") || name.ends_with(".tgz")
}

/// Runs a package.
pub(super) fn run(args: &Args, path: &Path, console: &mut Console) -> Result<Status, Failure> {
    args.refuse_program_options("a dashboard plugin")?;
    let given = [
        ("--config", args.config.is_some(), "a KRM function"),
        ("--abi", args.abi.is_some(), "a module"),
        ("--guests", args.guests.is_some(), "a workspace"),
    ];
    if let Some((option, _, what)) = given.into_iter().find(|(_, is_given, _)| *is_given) {
        return Err(useless(option, what));
    }
    let package = open(path)?;
    let objects = match &args.input {
        Some(path) => Input::read(path)?.manifests()?.0,
        None => Vec::new(),
    };
    let (mut plugin, modules) = plugin(&package, objects);
    plugin.requests.clone_from(&args.requests);
    let scenario = Scenario::Plugin(Plugin::Dashboard(Box::new(plugin)));
    let request = RunRequest { budget: args.means.limits.budget(), ..RunRequest::new(scenario) };
    let report = args.run(&request, Wish::default(), &modules, console)?;
    if args.output.unwrap_or(Output::Text) == Output::Text {
        contents(&package, console);
    }
    Ok(print(args, &report, console))
}

/// Opens a package whose module can be read.
pub(in crate::cli) fn open(path: &Path) -> Result<Package, Failure> {
    let named = path.display();
    let refused = |error: &dyn std::fmt::Display, hint: &str| {
        Failure::new(format!("`{named}`: {error}")).with_hint(hint)
    };
    let package = package::open(&files::read(path, MAX_PACKAGE_BYTES)?)
        .map_err(|error| refused(&error, error.hint()))?;
    Module::load(&package.module).map_err(|error| refused(&error, error.hint()))?;
    Ok(package)
}

/// The plugin of a package, before a cluster of these objects, and its module.
pub(in crate::cli) fn plugin(package: &Package, objects: Vec<File>) -> (DashboardPlugin, Modules) {
    let plugin = DashboardPlugin {
        module: package.file.clone(),
        manifest: package.manifest.clone(),
        objects,
        ..DashboardPlugin::default()
    };
    (plugin, Modules::from([(package.file.clone(), package.module.clone())]))
}

/// What a package holds beside its plugin.
fn contents(package: &Package, console: &mut Console) {
    for note in &package.notes {
        console.remark(format!("{} {}", text::note(), visible(note)));
    }
    if package.assets.is_empty() {
        return;
    }
    let files = count(package.assets.len() as u64, "more file");
    console.line(toned(tone::HEAD, format!("{files} of the package, which nothing here runs")));
    for asset in &package.assets {
        let rest = toned(tone::QUIET, format!("{}, {}", asset.media_type, bytes(asset.bytes)));
        console.line(format!("  {} {rest}", visible(&asset.path)));
    }
    console.line("");
}

/// A request as it is typed: `GET /status`, `POST /read {"a":1}`.
pub(super) fn request(text: &str) -> Result<DashboardRequest, String> {
    let text = text.trim_start();
    let (method, rest) = text.split_once(' ').ok_or("give it as METHOD PATH, with a body after a space")?;
    let rest = rest.trim_start();
    let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
    if !path.starts_with('/') {
        return Err("the path begins with a slash, such as /status".into());
    }
    Ok(DashboardRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        body: body.as_bytes().to_vec().into(),
    })
}

/// Prints a dashboard's report in the form that was asked for, and gives the status to end with.
pub(super) fn print(args: &Args, report: &Report, console: &mut Console) -> Status {
    let plugin = report.plugin.as_deref();
    let dashboard = plugin.and_then(|plugin| plugin.dashboard.as_deref());
    match (args.output.unwrap_or(Output::Text), plugin.zip(dashboard)) {
        (Output::Text, Some((plugin, dashboard))) => all(report, plugin, dashboard, console),
        (Output::Yaml, Some((_, dashboard))) => bodies(report, dashboard, console),
        _ => console.line(text::json(report)),
    }
    Status::of(report)
}

/// The bodies as they are, each with a line's end.
fn bodies(report: &Report, dashboard: &DashboardReport, console: &mut Console) {
    for answer in &dashboard.answers {
        console.bytes(&answer.body.0);
        if !answer.body.0.ends_with(b"\n") {
            console.bytes(b"\n");
        }
    }
    if report.outcome.kind != OutcomeKind::Finished {
        text::verdict_beside(&report.outcome, console);
    }
}

fn all(report: &Report, plugin: &PluginReport, dashboard: &DashboardReport, console: &mut Console) {
    text::verdict_above(&report.outcome, console);
    facts(dashboard, console);
    for answer in &dashboard.answers {
        self::answer(answer, console);
    }
    let unlisted = dashboard.answer_count.saturating_sub(dashboard.answers.len() as u64);
    if unlisted > 0 {
        console.line(toned(tone::QUIET, format!("and {}", count(unlisted, "more answer"))));
    }
    calls(plugin, console);
    stored(dashboard, console);
    for note in &plugin.notes {
        console.line(format!("{} {}", text::note(), visible(note)));
    }
    console.line("");
    text::cost(report, console);
}

fn facts(dashboard: &DashboardReport, console: &mut Console) {
    if let Some(facts) = &dashboard.manifest {
        console.line("");
        let author = if facts.author.is_empty() { String::new() } else { format!(" by {}", facts.author) };
        let title = format!("{} {}{author}", facts.name, facts.version);
        console.line(toned(tone::HEAD, visible(&title)));
        if !facts.description.is_empty() {
            console.line(format!("  {}", visible(&facts.description)));
        }
        for permission in &facts.permissions {
            console.line(format!("  asks for {}", visible(permission)));
        }
    }
    for warning in &dashboard.warnings {
        console.line(format!("  {} {}", toned(tone::WARN, "warning:"), visible(warning)));
    }
    for route in &dashboard.routes {
        let (method, path) = (visible(&route.method), visible(&route.path));
        let handler = toned(tone::QUIET, visible(&route.handler));
        console.line(format!("  {method} {path} {handler}"));
    }
    lines("log", dashboard.logs.iter().map(String::as_str), console);
}

fn answer(answer: &AnswerReport, console: &mut Console) {
    console.line("");
    let title = toned(tone::HEAD, visible(&answer.line()));
    let size = format!("{} bytes of {}", grouped(answer.body_bytes), visible(&answer.content_type));
    let size = if answer.body_bytes == 0 { "no body".to_owned() } else { size };
    console.line(format!("{title} {}", toned(tone::QUIET, size)));
    let body = String::from_utf8_lossy(&answer.body.0);
    for line in visible(body.trim_end_matches('\n')).lines() {
        console.line(format!("  {line}"));
    }
    let cut = answer.body_bytes.saturating_sub(answer.body.0.len() as u64);
    if cut > 0 {
        console.line(toned(tone::QUIET, format!("  and {}", count(cut, "more byte"))));
    }
    if !answer.error.is_empty() {
        console.line(format!("  {} {}", toned(tone::BAD, "the plugin"), visible(&answer.error)));
    }
    lines("log", answer.logs.iter().map(String::as_str), console);
    for (name, printed) in [("stdout", &answer.stdout), ("stderr", &answer.stderr)] {
        lines(name, String::from_utf8_lossy(&printed.0).lines(), console);
    }
}

fn lines<'a>(name: &str, lines: impl Iterator<Item = &'a str>, console: &mut Console) {
    for line in lines {
        console.line(format!("  {} {}", toned(tone::QUIET, format!("{name}:")), visible(line)));
    }
}

fn calls(plugin: &PluginReport, console: &mut Console) {
    // What it logged stands with its answer.
    let is_shown = |call: &&HostCall| call.function != "env.host_log" || !call.error.is_empty();
    let mut shown = plugin.calls.iter().filter(is_shown).take(MAX_CALLS).peekable();
    if shown.peek().is_none() {
        return;
    }
    console.line("");
    console.line(toned(tone::HEAD, "What it asked its host"));
    for call in shown {
        let cause = if call.cause.is_empty() { String::new() } else { format!(": {}", visible(&call.cause)) };
        console.line(format!("  {}{cause}", visible(&call.line())));
    }
}

fn stored(dashboard: &DashboardReport, console: &mut Console) {
    if dashboard.stored == dashboard.stored_before {
        return;
    }
    console.line("");
    console.line(toned(tone::HEAD, "Stored"));
    for stored in &dashboard.stored {
        console.line(format!("  {}: {}", visible(&stored.key), visible(&stored.value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_typed_as_they_are_sent() {
        let read = |text: &str| {
            request(text).map(|it| (it.method, it.path, String::from_utf8_lossy(&it.body.0).into_owned()))
        };
        let is = |method: &str, path: &str, body: &str| Ok((method.into(), path.into(), body.into()));
        assert_eq!(read("GET /status"), is("GET", "/status", ""));
        assert_eq!(read("POST /read {\"a\": 1}"), is("POST", "/read", "{\"a\": 1}"));
        assert_eq!(read(" POST  /read  two "), is("POST", "/read", " two "));
        for text in ["", "GET", "/status", "GET status", "GET "] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn packages_are_known_by_their_names() {
        for (name, expected) in [
            ("a.tar.gz", true),
            ("b/A.TGZ", true),
            ("a.gz", false),
            ("a.tar", false),
            ("a.tar.gz.wasm", false),
        ] {
            assert_eq!(is_package(Path::new(name)), expected, "{name}");
        }
    }
}
