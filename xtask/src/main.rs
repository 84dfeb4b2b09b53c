//! The project's commands: `cargo xtask` lists them.
//!
//! Refuses to do anything that a person could not do by hand: every step prints the command it runs.

mod bench;
mod check;
mod console;
mod digest;
mod dist;
mod examples;
mod process;
mod project;
mod schema;
mod serve;
mod site;
mod steps;
mod test;
mod tidy;
mod tools;
mod versions;
mod window;

use std::process::ExitCode;

use project::Project;

/// One command: its name, what follows the name, what it does, and the function that does it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    does: &'static str,
    run: fn(&Project, &[String]) -> Result<(), String>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "serve",
        arguments: "[--port N] [--open]",
        does: "run the playground: install what is missing, build, serve, print the address",
        run: serve::run,
    },
    Command {
        name: "test",
        arguments: "[filter]",
        does: "everything that can fail, cheapest first; a filter picks steps by name, or else Rust tests",
        run: test::run,
    },
    Command {
        name: "check",
        arguments: "",
        does: "format, lints for every target, tidy, licences: the part of `test` that runs nothing",
        run: check::run,
    },
    Command {
        name: "examples",
        arguments: "",
        does: "build every example's guest into examples/built",
        run: examples::run,
    },
    Command {
        name: "dist",
        arguments: "",
        does: "build the site into dist and hold it against its size budget",
        run: dist::run,
    },
    Command {
        name: "window",
        arguments: "[FILE|LINK]",
        does: "build the page and the desktop window around it, and open it",
        run: window::run,
    },
    Command {
        name: "bench",
        arguments: "[--native] [--loop] [--cli] [--machines]",
        does: "medians of the same work natively, in the page and on the browser's own engine, side by side",
        run: bench::run,
    },
    Command {
        name: "tidy",
        arguments: "",
        does: "the project's own rules: layout, names, dependency directions, documents",
        run: tidy::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        list();
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        list();
        return ExitCode::SUCCESS;
    }
    match run(name, rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nerror: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, arguments: &[String]) -> Result<(), String> {
    let command = COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| format!("there is no command `{name}`: `cargo xtask` lists them"))?;
    (command.run)(&Project::find()?, arguments)
}

fn list() {
    println!("cargo xtask <command>\n");
    for command in COMMANDS {
        let call = format!("{} {}", command.name, command.arguments);
        println!("  {call:<36}{}", command.does);
    }
}
