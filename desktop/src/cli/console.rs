//! The one place that writes to stdout and stderr: colours where they are wanted, progress where somebody looks,
//! and silence once the reader has gone.
//!
//! It decides nothing about what is said. What a guest printed comes here already made visible, or as raw bytes
//! for stdout.

use std::io::{ErrorKind, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use engine::visible::visible;

use super::Status;
use super::progress::Progress;
use crate::Failure;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Tones of the text. Never the only sign of a meaning: the words say it too.
pub(crate) mod tone {
    use super::{AnsiColor, Style};

    /// It went well.
    pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
    /// It did not.
    pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
    /// Worth a look.
    pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();
    /// Secondary.
    pub(crate) const QUIET: Style = Style::new().dimmed();
    /// A heading.
    pub(crate) const HEAD: Style = Style::new().bold();
}

/// Text in a tone, for `format!`.
pub(crate) fn toned(tone: Style, text: impl std::fmt::Display) -> String {
    format!("{tone}{text}{tone:#}")
}

/// Where commands print.
pub(crate) struct Console {
    out: AutoStream<std::io::Stdout>,
    err: AutoStream<std::io::Stderr>,
    /// Nobody reads stdout any more, or it cannot be written: nothing more is printed there.
    is_closed: bool,
    lost: Option<std::io::Error>,
    progress: Progress,
}

impl Console {
    /// A console that colours so.
    pub(crate) fn new(colour: Colour) -> Self {
        let choice = match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        let err = AutoStream::new(std::io::stderr(), choice);
        let progress = Progress::new(err.current_choice() != ColorChoice::Never);
        Self { out: AutoStream::new(std::io::stdout(), choice), err, is_closed: false, lost: None, progress }
    }

    /// Prints a line to stdout.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        self.progress.clear();
        let written = if self.is_closed { Ok(()) } else { writeln!(self.out, "{}", text.as_ref()) };
        self.note(written);
    }

    /// Prints text to stdout as it is, colours apart.
    pub(crate) fn text(&mut self, text: impl AsRef<str>) {
        self.progress.clear();
        let written = if self.is_closed { Ok(()) } else { self.out.write_all(text.as_ref().as_bytes()) };
        self.note(written);
    }

    /// Writes bytes to stdout as they are: a guest's own, or a file's.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.progress.clear();
        let written = if self.is_closed { Ok(()) } else { std::io::stdout().lock().write_all(bytes) };
        self.note(written);
    }

    /// Writes bytes to stderr as they are: a guest's own.
    pub(crate) fn error_bytes(&mut self, bytes: &[u8]) {
        self.progress.clear();
        // Where stderr is closed nobody is left to tell.
        let _ = std::io::stderr().lock().write_all(bytes);
    }

    /// Prints a line to stderr: what is said beside the product.
    pub(crate) fn remark(&mut self, text: impl AsRef<str>) {
        self.progress.clear();
        let _ = writeln!(self.err, "{}", text.as_ref());
    }

    /// Says why something was not done. The status is what the command ends with. Names of a kubeconfig and words of
    /// a server may stand in it: they move no cursor and begin no line of their own.
    pub(crate) fn failure(&mut self, failure: &Failure) -> Status {
        let shown = |text: &str| visible(text).replace('\n', "␊");
        self.remark(format!("{} {}", toned(tone::BAD, "error:"), shown(&failure.message)));
        if let Some(hint) = &failure.hint {
            self.remark(format!(" {} {}", toned(tone::GOOD, "help:"), shown(hint)));
        }
        Status::UNUSABLE
    }

    /// Prints what the argument parser has to say: help and versions to stdout, mistakes to stderr.
    pub(crate) fn usage(mut self, error: &clap::Error) -> Status {
        let text = error.render().ansi().to_string();
        if error.use_stderr() {
            self.remark(text.trim_end());
            return self.finish(Status::UNUSABLE);
        }
        self.text(text);
        self.finish(Status::DONE)
    }

    /// Shows how far something is, until something else is printed or shown: on a terminal, and once the command
    /// has taken half a second.
    pub(crate) fn progress(&mut self, text: impl AsRef<str>) {
        self.progress.say(text.as_ref());
    }

    /// Flushes, and gives the status to end with: the command's own, unless what it printed was lost.
    pub(crate) fn finish(mut self, status: Status) -> Status {
        self.progress.clear();
        let written = if self.is_closed { Ok(()) } else { self.out.flush() };
        self.note(written);
        match self.lost.take() {
            None => status,
            Some(error) => self.failure(&Failure::new(format!("stdout cannot be written: {error}"))),
        }
    }

    /// A reader that has gone is its own wish, and no failure; a full disk is one.
    fn note(&mut self, written: std::io::Result<()>) {
        if let Err(error) = written {
            self.is_closed = true;
            if error.kind() != ErrorKind::BrokenPipe {
                self.lost = Some(error);
            }
        }
    }
}
