//! `cargo xtask serve`: from a fresh machine to a page that runs.
//!
//! Refuses to serve to other machines: the address is in `Trunk.toml`, and it is this one.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::console::{heading, say, spell};
use crate::project::Project;
use crate::{examples, site};

/// As in `Trunk.toml`, where plain `trunk serve` reads it.
const PORT: u16 = 8080;

/// How often the page is looked for while it is built. Not felt by a person, and nothing for a machine.
const PAUSE: Duration = Duration::from_millis(300);

/// What follows the command's name.
#[derive(Debug, PartialEq)]
struct Options {
    port: u16,
    open: bool,
}

/// Installs what is missing, builds the examples and the editor, and serves until it is stopped.
///
/// # Errors
/// When the port is taken, or anything before the page fails.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<(), String> {
    let options = parse(arguments)?;
    let port = options.port;
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        format!("port {port} cannot be used ({error}): stop what uses it, or choose another with --port")
    })?;
    let begin = Instant::now();
    heading("tools");
    site::prepare(project)?;
    heading("examples");
    examples::build(project)?;
    heading("editor");
    site::bundle_editor(project)?;
    heading("page");
    site::fetch(project)?;
    serve(project, &options, begin)
}

fn serve(project: &Project, options: &Options, begin: Instant) -> Result<(), String> {
    let port = options.port;
    let mut trunk = site::trunk(project)?.args(["serve", "--offline", "--port", &port.to_string()]);
    if options.open {
        trunk = trunk.args(["--open"]);
    }
    say("   building the page and its worker; minutes from nothing, seconds afterwards");
    let mut child = trunk.start()?;
    let mut announced = false;
    loop {
        if let Some(status) = child.try_wait().map_err(|error| format!("trunk cannot be watched: {error}"))? {
            return if status.success() { Ok(()) } else { Err(format!("`trunk serve` ended ({status})")) };
        }
        if !announced && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            announced = true;
            say(&format!(
                "\nDrydock is at http://127.0.0.1:{port}/ after {}. Ctrl-C stops it.\n",
                spell(begin.elapsed())
            ));
        }
        std::thread::sleep(PAUSE);
    }
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options { port: PORT, open: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--open" => options.open = true,
            "--port" => {
                options.port = rest
                    .next()
                    .and_then(|port| port.parse().ok())
                    .filter(|port| *port != 0)
                    .ok_or("--port needs a number from 1 to 65535")?;
            }
            other => return Err(format!("`serve` does not know `{other}`: it takes --port N and --open")),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Result<Options, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read() {
        assert_eq!(options("").unwrap(), Options { port: PORT, open: false });
        assert_eq!(options("--open --port 9000").unwrap(), Options { port: 9000, open: true });
        for wrong in ["--port", "--port x", "--port 0", "--port 70000", "--host"] {
            assert!(options(wrong).is_err(), "{wrong}");
        }
    }
}
