//! How the commands speak: one calm line at a time, flushed before a child process writes.
//!
//! Refuses colour: the output is read in terminals, logs and pipes alike.

use std::io::Write;
use std::time::Duration;

/// Prints one line about what is going on.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    // A closed pipe is the reader's wish; the work goes on.
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Prints the name of a step that begins.
pub(crate) fn heading(text: &str) {
    say(&format!("\n== {text}"));
}

/// A duration as people say it: `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn spell(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else if seconds >= 10 {
        format!("{seconds} s")
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        for (milliseconds, text) in
            [(40, "0.0 s"), (9_400, "9.4 s"), (59_999, "59 s"), (185_000, "3 min 05 s")]
        {
            assert_eq!(spell(Duration::from_millis(milliseconds)), text);
        }
    }
}
