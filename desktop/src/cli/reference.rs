//! The command line as a document: `docs/cli.md`, written from the same definition as `--help`.
//!
//! It holds nothing that the definition does not say.

use clap::{Arg, Command, CommandFactory};

use super::Cli;

const OPENING: &str = "\
# The command line

<!-- Written from the definition of the command line: `UPDATE=1 cargo test -p drydock-desktop --test docs`. -->

`drydock` runs in a terminal what the page runs in a tab, on the same files. It reads and writes nothing that it was not told to, asks
nothing but what a kubectl plugin may, and colours only what a person reads: not in a pipe, and not where `NO_COLOR` is set. Errors go to stderr.
";

/// The whole document.
#[must_use]
pub fn reference() -> String {
    let mut whole = Cli::command().disable_help_subcommand(true).term_width(100);
    whole.build();
    let mut text = OPENING.to_owned();
    text.push_str("\n| command | does |\n| --- | --- |\n");
    for command in commands(&whole) {
        let name = command.get_name();
        text.push_str(&format!("| [`drydock {name}`](#drydock-{name}) | {} |\n", about(command)));
    }
    fenced(&shown(whole.get_after_long_help().or(whole.get_after_help())), &mut text);
    text.push_str("\nEvery command takes these:\n\n");
    options(whole.get_arguments().filter(|arg| arg.is_global_set()), &mut text);
    commands(&whole).for_each(|command| section(command, "", &mut text));
    text
}

fn commands(whole: &Command) -> impl Iterator<Item = &Command> {
    whole.get_subcommands().filter(|command| !command.is_hide_set())
}

/// A command's own section, and those of what is below it. `above` is the command that it is below.
fn section(command: &Command, above: &str, text: &mut String) {
    let (name, depth) = (command.get_name(), if above.is_empty() { "##" } else { "###" });
    text.push_str(&format!("\n{depth} drydock {above}{name}\n\n{}.\n", about(command)));
    let usage = command.clone().render_usage().to_string();
    fenced(usage.trim_start_matches("Usage:").trim(), text);
    let own = |arg: &&Arg| !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help";
    let given: Vec<&Arg> = command.get_arguments().filter(own).collect();
    if !given.is_empty() {
        text.push('\n');
        options(given.into_iter(), text);
    }
    fenced(&shown(command.get_after_long_help().or(command.get_after_help())), text);
    commands(command).for_each(|below| section(below, &format!("{above}{name} "), text));
}

fn options<'a>(args: impl Iterator<Item = &'a Arg>, text: &mut String) {
    text.push_str("| argument | meaning |\n| --- | --- |\n");
    for arg in args.filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version")) {
        text.push_str(&format!("| `{}` | {} |\n", name(arg), cell(&meaning(arg))));
    }
}

/// The way an argument is typed: `-o, --output <FORM>`, `<PATH>...`.
fn name(arg: &Arg) -> String {
    let long = arg.to_string();
    match arg.get_short() {
        Some(short) if arg.get_long().is_some() => format!("-{short}, {long}"),
        _ => long,
    }
}

fn meaning(arg: &Arg) -> String {
    let mut text = shown(arg.get_help());
    let values = arg.get_possible_values();
    let named: Vec<String> = values
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| match value.get_help() {
            Some(help) => format!("`{}` ({})", value.get_name(), lower(&shown(Some(help)))),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if !named.is_empty() && arg.get_action().takes_values() {
        text.push_str(&format!(": {}", named.join(", ")));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !defaults.join("").is_empty() && arg.get_action().takes_values() {
        text.push_str(&format!(" [default: {}]", defaults.join(", ")));
    }
    text
}

/// A sentence after a comma.
fn lower(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    let first: String = chars.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}

/// In a table a line ends where the row does, and a bar is the next cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ").replace('<', "&lt;")
}

fn fenced(body: &str, text: &mut String) {
    if !body.is_empty() {
        text.push_str(&format!("\n```text\n{}\n```\n", body.trim_end()));
    }
}

fn about(command: &Command) -> String {
    shown(command.get_about())
}

fn shown(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}
