//! Running other programs: shown as a person would type them, with errors that name program and cause.
//!
//! Refuses shells: arguments are passed as they are.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::console::say;

/// A program about to be run.
pub(crate) struct Process {
    command: Command,
    program: String,
    /// The command as a person would type it.
    line: String,
}

impl Process {
    /// Prepares `program`, a name to be found on PATH or a path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let shown = Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
        // Where npm and its like are batch files, only the full name starts them.
        let found = find(&program.to_string_lossy());
        let command = Command::new(found.as_deref().map_or(program, Path::as_os_str));
        Self { command, line: shown.clone(), program: shown }
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        for argument in arguments {
            self.line.push(' ');
            self.line.push_str(&typed(&argument.as_ref().to_string_lossy()));
            self.command.arg(argument);
        }
        self
    }

    /// Runs in this folder.
    pub(crate) fn dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Hides an environment variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Puts a folder before everything else on the program's PATH.
    pub(crate) fn path_first(self, folder: &Path) -> Self {
        let mut folders = vec![folder.to_path_buf()];
        if let Some(path) = std::env::var_os("PATH") {
            folders.extend(std::env::split_paths(&path));
        }
        match std::env::join_paths(folders) {
            Ok(path) => self.env("PATH", path),
            // Only a folder with a separator in its name ends here; the program then says what it misses.
            Err(_) => self,
        }
    }

    /// Runs it with its output on ours, having printed the command.
    ///
    /// # Errors
    /// When it cannot be started or ends with another code than 0.
    pub(crate) fn run(mut self) -> Result<(), String> {
        say(&format!("   $ {}", self.line));
        let status = self.command.status().map_err(|error| cannot_start(&self.program, &error))?;
        if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", self.line)) }
    }

    /// Starts it with its output on ours, having printed the command.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(mut self) -> Result<Child, String> {
        say(&format!("   $ {}", self.line));
        self.command.spawn().map_err(|error| cannot_start(&self.program, &error))
    }

    /// Runs it silently and gives what it printed.
    ///
    /// # Errors
    /// When it cannot be started, ends with another code than 0, or prints something other than UTF-8.
    pub(crate) fn output(mut self) -> Result<String, String> {
        let output = self
            .command
            .stdin(Stdio::null())
            .output()
            .map_err(|error| cannot_start(&self.program, &error))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("`{}` failed ({}): {}", self.line, output.status, said.trim()));
        }
        String::from_utf8(output.stdout)
            .map_err(|_| format!("`{}` printed something that is no text", self.line))
    }
}

/// `cargo`, as the one that started us.
pub(crate) fn cargo() -> Process {
    Process::new("cargo")
}

/// Where `program` lies on PATH, if it does; a path that exists is given back.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let name = Path::new(program);
    if name.components().count() > 1 {
        return name.is_file().then(|| name.to_path_buf());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| spellings(program).into_iter().map(move |spelling| folder.join(spelling)))
        .find(|candidate| candidate.is_file())
}

/// An argument as one types it in a shell.
fn typed(argument: &str) -> String {
    if argument.contains([' ', '*', '$']) { format!("'{argument}'") } else { argument.to_owned() }
}

fn spellings(program: &str) -> Vec<OsString> {
    let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    suffixes.iter().map(|suffix| OsString::from(format!("{program}{suffix}"))).collect()
}

fn cannot_start(program: &str, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("`{program}` is not on PATH: install it and try again"),
        _ => format!("`{program}` cannot be started: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let error = Process::new("drydock-no-such-program").args(["--version"]).output().unwrap_err();
        assert_eq!(error, "`drydock-no-such-program` is not on PATH: install it and try again");
    }

    #[test]
    fn programs_are_found_by_name() {
        assert!(find("cargo").is_some());
        assert!(find("drydock-no-such-program").is_none());
    }
}
