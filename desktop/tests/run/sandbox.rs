//! A folder that belongs to one test, and the program run in it with nothing of the machine's settings.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Far beyond what any case takes: only a hang ends here.
const PATIENCE: Duration = Duration::from_secs(120);

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder that is removed when it is dropped.
pub(crate) struct Sandbox(pub(crate) PathBuf);

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("drydock-run-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.0.join(path)).ok()
    }

    /// The program, to be started here.
    pub(crate) fn drydock(&self) -> Command {
        self.command(env!("CARGO_BIN_EXE_drydock"))
    }

    /// A program, to be started here with pipes.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0).env("HOME", self.0.join("home")).env_remove("NO_COLOR");
        command.env("XDG_CACHE_HOME", cache()).env_remove("CLICOLOR_FORCE");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A shell script, with the program's folder first on PATH.
    pub(crate) fn shell(&self, script: &str) -> Ended {
        let mut command = self.command("sh");
        let folder = Path::new(env!("CARGO_BIN_EXE_drydock")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([folder.to_owned()].into_iter().chain(std::env::split_paths(&path)));
        finish(command.arg("-c").arg(script).env("PATH", path.unwrap()).spawn().unwrap(), b"")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where compiled modules are kept: one for all tests, since compiling one takes the longest.
fn cache() -> PathBuf {
    std::env::temp_dir().join(format!("drydock-run-{}-cache", std::process::id()))
}

/// The guest of an example.
pub(crate) fn guest(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/built").join(format!("{name}.wasm"));
    assert!(path.exists(), "{} is not built: run `cargo xtask examples`", path.display());
    path
}

/// Feeds a child and waits for its end; a hang fails the test.
pub(crate) fn finish(mut child: Child, stdin: &[u8]) -> Ended {
    if let Some(mut pipe) = child.stdin.take() {
        let stdin = stdin.to_vec();
        // A child that does not read to the end is not waited for.
        std::thread::spawn(move || pipe.write_all(&stdin));
    }
    let drain = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut pipe) = pipe {
                let _ = pipe.read_to_end(&mut bytes);
            }
            bytes
        })
    };
    let stdout = drain(child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let stderr = drain(child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the program hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let stderr = String::from_utf8_lossy(&stderr.join().unwrap()).into_owned();
    Ended { status, stdout: stdout.join().unwrap(), stderr }
}
