//! WASI preview 1, the `wasi_snapshot_preview1` module, as host functions over a [`crate::machine::Guest`].
//!
//! All of the snapshot, in memory: it reaches no file, clock, network or terminal of the machine it runs on,
//! and everything that a guest can make it keep is bounded by the run's budget.

mod clock;
mod descriptors;
mod errno;
mod fdstat;
mod files;
mod filestat;
mod open;
mod path;
mod poll;
mod process;
mod random;
mod readdir;
mod rights;
mod socket;
mod stdio;
mod table;
mod transfer;
mod vectors;

pub use self::errno::Errno;
pub use self::files::{Files, FilesError};
pub(crate) use self::table::MODULE;

use self::clock::{Clock, ClockId};
use self::descriptors::{Descriptor, Descriptors, Object};
use self::random::Random;
use self::stdio::Stdio;
use crate::machine::{Guest, HostFunction};
use crate::request::{Budget, World};

/// What a guest may do below a preopened directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Look and read. Every change is refused with `PERM`: creating, truncating, writing, linking, renaming,
    /// removing, setting times.
    ReadOnly,
    /// Everything.
    ReadWrite,
}

/// The state behind `wasi_snapshot_preview1`.
#[derive(Debug)]
pub struct Wasi {
    args: Vec<String>,
    /// As `name=value`.
    env: Vec<String>,
    clock: Clock,
    random: Random,
    stdio: Stdio,
    files: Files,
    descriptors: Descriptors,
}

impl Wasi {
    /// No arguments, environment or files, and an empty stdin. The clock starts at the world's start and moves
    /// only when the guest looks at it or sleeps.
    #[must_use]
    pub fn new(budget: &Budget, world: &World) -> Self {
        let clock = Clock::new(budget, world);
        let files = Files::new(budget.file_bytes, clock.peek(ClockId::Realtime));
        Self {
            args: Vec::new(),
            env: Vec::new(),
            clock,
            random: Random::new(world.seed),
            stdio: Stdio::new(budget),
            files,
            descriptors: Descriptors::new(),
        }
    }

    /// The command line, of which the first is the program's name. Default: none, not even a name.
    pub fn set_args(&mut self, args: Vec<String>) {
        self.args = args;
    }

    /// The environment, in this order. Default: empty.
    pub fn set_env(&mut self, env: Vec<(String, String)>) {
        self.env = env.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    }

    /// All of stdin, from its beginning. Default: empty. A guest that has read it all is at the end.
    pub fn set_stdin(&mut self, bytes: Vec<u8>) {
        self.stdio.set_input(bytes);
    }

    /// What gives all of stdin, asked once the guest reads it or waits for it: a guest that does neither is not kept
    /// waiting for an input without end.
    pub fn set_stdin_source(&mut self, source: fn() -> Vec<u8>) {
        self.stdio.set_source(source);
    }

    /// More stdin, for a guest that is called again.
    pub fn push_stdin(&mut self, bytes: &[u8]) {
        self.stdio.push_input(bytes);
    }

    /// The file tree, as the host reads it. Nothing of it is open to the guest before [`Wasi::preopen`].
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The file tree, as the host fills it.
    pub fn files_mut(&mut self) -> &mut Files {
        &mut self.files
    }

    /// The file tree, once the guest has ended.
    #[must_use]
    pub fn into_files(self) -> Files {
        self.files
    }

    /// Opens a directory of the tree to the guest, under the guest's name for it, such as `/`. It is made if
    /// it is not there. The first one becomes descriptor 3, and so on: preopen before the guest starts.
    ///
    /// # Errors
    /// [`FilesError`] when the directory cannot be made, or 1,024 descriptors are open.
    pub fn preopen(&mut self, guest_name: &str, directory: &str, grant: Grant) -> Result<(), FilesError> {
        self.add_preopened(guest_name, directory, grant)
            .map_err(|cause| FilesError { path: directory.to_owned(), cause })
    }

    fn add_preopened(&mut self, guest_name: &str, directory: &str, grant: Grant) -> Result<(), Errno> {
        let node = self.files.make_directories(directory)?;
        let descriptor = Descriptor {
            object: Object::Directory { node, preopened: Some(guest_name.to_owned()) },
            base: rights::DIRECTORY,
            inheriting: rights::BELOW,
            flags: 0,
            grant,
        };
        self.descriptors.add(descriptor, &mut self.files).map(|_| ())
    }

    /// Takes off the time limit what earlier guests of the same run pretended to sleep, in milliseconds.
    pub fn share_limit(&mut self, slept_ms: u64) {
        self.clock.share_limit(slept_ms);
    }

    /// Lets time pass for the guest, as if it slept.
    ///
    /// # Errors
    /// [`crate::machine::Trap::Stopped`] once all that it slept is longer than the time limit.
    #[cfg(feature = "plugins")]
    pub(crate) fn wait(&mut self, millis: u64) -> Result<(), crate::machine::Trap> {
        self.clock.sleep(millis.saturating_mul(1_000_000))
    }

    /// How long the guest pretended to sleep, in milliseconds: what a run of several guests takes off the time
    /// that is left for the next.
    #[must_use]
    pub fn slept_ms(&self) -> u64 {
        self.clock.slept_ms()
    }

    /// What the guest printed to stdout and nobody took yet.
    #[must_use]
    pub fn stdout(&self) -> &[u8] {
        self.stdio.stdout()
    }

    /// Takes what the guest printed to stdout. It still counts against the limit.
    pub fn take_stdout(&mut self) -> Vec<u8> {
        self.stdio.take_stdout()
    }

    /// The beginning of what the guest printed to stderr.
    #[must_use]
    pub fn stderr(&self) -> &[u8] {
        self.stdio.stderr()
    }

    /// Takes the beginning of what the guest printed to stderr.
    pub fn take_stderr(&mut self) -> Vec<u8> {
        self.stdio.take_stderr()
    }

    /// How many bytes of stderr were dropped after that beginning.
    #[must_use]
    pub fn stderr_dropped(&self) -> u64 {
        self.stdio.stderr_dropped()
    }
}

/// Every function of the snapshot.
#[must_use]
pub fn functions() -> &'static [HostFunction] {
    table::FUNCTIONS
}

/// The state behind a guest.
fn state(guest: &mut dyn Guest) -> &mut Wasi {
    &mut guest.host().wasi
}
