//! Ctrl-C: the first stops the run, so that what is known of it is told; the next ends the program at once, and so
//! does the first while a module is compiled or stdin is waited for, of which there is nothing to tell.
//!
//! Before a run and after it, Ctrl-C ends the program as it always does.

use crate::files;
use crate::runner::StopSignal;

/// 128 and the number of SIGINT, as shells have it.
pub const STATUS: u8 = 130;

/// Hears Ctrl-C for as long as it lives.
#[derive(Debug, Default)]
pub struct Interrupt {
    stop: StopSignal,
}

impl Interrupt {
    /// Begins to hear. Where that is not possible Ctrl-C ends the program.
    #[must_use]
    pub fn hear() -> Self {
        let interrupt = Self::default();
        let stop = interrupt.stop.clone();
        let heard = std::thread::Builder::new().name("ctrl-c".into()).spawn(move || listen(&stop));
        drop(heard);
        interrupt
    }

    /// What the first Ctrl-C tells to stop.
    #[must_use]
    pub fn signal(&self) -> &StopSignal {
        &self.stop
    }
}

impl Drop for Interrupt {
    /// The run is over: Ctrl-C ends the program again.
    fn drop(&mut self) {
        self.stop.stop();
    }
}

fn listen(stop: &StopSignal) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        while tokio::signal::ctrl_c().await.is_ok() {
            if !stop.stop() || stop.is_deaf() || files::reads_stdin() {
                std::process::exit(i32::from(STATUS));
            }
        }
    });
}
