//! The line on stderr that says how far something is: on a terminal, and once the command has taken half a second.
//! A thread of its own draws it, so that it stands there also while the command waits for a compiler.
//!
//! It says nothing in a pipe, and colours nothing where colours are off.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::Builder;
use std::time::{Duration, Instant};

use engine::visible::visible;

use super::console::{tone, toned};

/// Below this a person sees no wait.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often it is drawn again.
const REDRAW: Duration = Duration::from_millis(100);

/// How much of it is drawn, in characters: it must fit a line, or it cannot be cleared.
const WIDTH: usize = 70;

/// Clears the line behind the cursor.
const CLEAR: &str = "\r\x1b[K";

/// What is said now. Dropped, nothing is said any more.
pub(crate) struct Progress {
    /// Nothing where nobody looks.
    line: Option<Arc<Mutex<Line>>>,
    is_drawing: bool,
}

struct Line {
    began: Instant,
    is_coloured: bool,
    /// Empty: nothing is said.
    text: String,
    /// Whether it stands on the terminal.
    is_drawn: bool,
}

impl Progress {
    /// Nothing is said yet.
    pub(crate) fn new(is_coloured: bool) -> Self {
        let is_wanted =
            std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|it| it != "dumb");
        let line = Line { began: Instant::now(), is_coloured, text: String::new(), is_drawn: false };
        Self { line: is_wanted.then(|| Arc::new(Mutex::new(line))), is_drawing: false }
    }

    /// Says how far something is, from now until something else is said or printed.
    pub(crate) fn say(&mut self, text: &str) {
        let Some(line) = &self.line else { return };
        lock(line).text = visible(text).replace(['\n', '\t'], " ").chars().take(WIDTH).collect();
        if !self.is_drawing {
            let seen = Arc::downgrade(line);
            self.is_drawing = true;
            // Without a thread nothing is said, and nothing else is lost.
            drop(Builder::new().name("progress".into()).spawn(move || draw_until_gone(&seen)));
        }
    }

    /// Says nothing until something is said again.
    pub(crate) fn clear(&mut self) {
        if let Some(line) = &self.line {
            lock(line).clear(&mut std::io::stderr());
        }
    }
}

fn draw_until_gone(line: &Weak<Mutex<Line>>) {
    loop {
        std::thread::sleep(REDRAW);
        let Some(line) = line.upgrade() else { return };
        lock(&line).draw(Instant::now(), &mut std::io::stderr());
    }
}

fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    fn draw(&mut self, now: Instant, out: &mut impl Write) {
        let taken = now.saturating_duration_since(self.began);
        if self.text.is_empty() || taken < PATIENCE {
            return;
        }
        self.is_drawn = true;
        let text = format!("{}, {:.1} s", self.text, taken.as_secs_f64());
        let text = if self.is_coloured { toned(tone::QUIET, text) } else { text };
        // Where stderr is closed nobody is left to tell.
        let _ = write!(out, "{CLEAR}{text}").and_then(|()| out.flush());
    }

    fn clear(&mut self, out: &mut impl Write) {
        self.text.clear();
        if std::mem::take(&mut self.is_drawn) {
            let _ = write!(out, "{CLEAR}").and_then(|()| out.flush());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_coloured: bool, millis: u64, expected: &str) {
        let began = Instant::now();
        let mut line = Line { began, is_coloured, text: text.into(), is_drawn: false };
        let mut out = Vec::new();
        line.draw(began + Duration::from_millis(millis), &mut out);
        line.clear(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn a_line_is_drawn_late_and_cleared() {
        check("preparing a", false, 1_500, "\r\x1b[Kpreparing a, 1.5 s\r\x1b[K");
        check("preparing a", true, 1_500, "\r\x1b[K\x1b[2mpreparing a, 1.5 s\x1b[0m\r\x1b[K");
        check("preparing a", false, 400, "");
        check("", false, 1_500, "");
    }
}
