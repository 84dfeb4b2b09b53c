//! What a program printed, as a terminal shows it: escape sequences become styles, and nothing else.
//!
//! Colours and weights are shown. Titles, links, movements of the cursor and all else are left out: what is shown can
//! not be what the page says. All of it is text.

use anstyle_parse::{DefaultCharAccumulator, Params, Parser, Perform};
use engine::visible::visible;

use super::Span;

/// How much is shown, in bytes: more makes the page slow and is not read. The logs have more.
const SHOWN: usize = 128 << 10;

/// How many pieces are shown: each is an element of the page.
const MOST_SPANS: usize = 5_000;

/// The pieces of stdout, and then of stderr.
pub(super) fn spans(stdout: &[u8], stderr: &[u8]) -> Vec<Span> {
    let mut all = styled(stdout);
    let errors = styled(stderr);
    let ends_in_line = all.last().is_none_or(|span| span.text.ends_with('\n'));
    if !errors.is_empty() && !ends_in_line {
        all.push(Span { text: "\n".into(), ..Span::default() });
    }
    let of_errors = |span: Span| Span { style: format!("err {}", span.style).trim_end().to_owned(), ..span };
    all.extend(errors.into_iter().map(of_errors));
    all
}

fn styled(bytes: &[u8]) -> Vec<Span> {
    let mut screen = Screen::default();
    let mut parser = Parser::<DefaultCharAccumulator>::new();
    for byte in bytes.iter().take(SHOWN) {
        parser.advance(&mut screen, *byte);
    }
    screen.flush();
    if bytes.len() > SHOWN || screen.is_full() {
        let text = format!("\n… the rest of {} bytes is in the logs", bytes.len());
        screen.spans.push(Span { style: "faint".into(), text });
    }
    screen.spans
}

/// What is on the screen, and the pen that writes on.
#[derive(Default)]
struct Screen {
    spans: Vec<Span>,
    text: String,
    pen: Pen,
    /// A carriage return was printed: the line begins again, unless it ends here.
    returns: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pen {
    bold: bool,
    faint: bool,
    italic: bool,
    underline: bool,
    inverse: bool,
    fore: Option<u8>,
    back: Option<u8>,
}

impl Pen {
    fn words(self) -> String {
        let flags = [
            (self.bold, "bold"),
            (self.faint, "faint"),
            (self.italic, "italic"),
            (self.underline, "under"),
            (self.inverse, "inverse"),
        ];
        let flags = flags.iter().filter(|(is, _)| *is).map(|(_, word)| (*word).to_owned());
        let fore = self.fore.map(|colour| format!("fg{colour}"));
        let back = self.back.map(|colour| format!("bg{colour}"));
        flags.chain(fore).chain(back).collect::<Vec<_>>().join(" ")
    }
}

impl Screen {
    fn is_full(&self) -> bool {
        self.spans.len() >= MOST_SPANS
    }

    fn flush(&mut self) {
        if !self.text.is_empty() && !self.is_full() {
            let text = visible(&std::mem::take(&mut self.text));
            self.spans.push(Span { style: self.pen.words(), text });
        }
        self.text.clear();
    }

    /// Goes back to the beginning of the line, and forgets it.
    fn restart_line(&mut self) {
        self.returns = false;
        loop {
            if let Some(end) = self.text.rfind('\n') {
                self.text.truncate(end + 1);
                return;
            }
            self.text.clear();
            let Some(mut span) = self.spans.pop() else { return };
            if let Some(end) = span.text.rfind('\n') {
                span.text.truncate(end + 1);
                self.spans.push(span);
                return;
            }
        }
    }

    fn set(&mut self, codes: &[u16]) {
        let mut codes = codes.iter().copied();
        while let Some(code) = codes.next() {
            let pen = &mut self.pen;
            match code {
                0 => *pen = Pen::default(),
                1 => pen.bold = true,
                2 => pen.faint = true,
                3 => pen.italic = true,
                4 | 21 => pen.underline = true,
                7 => pen.inverse = true,
                22 => (pen.bold, pen.faint) = (false, false),
                23 => pen.italic = false,
                24 => pen.underline = false,
                27 => pen.inverse = false,
                30..=37 => pen.fore = small(code - 30),
                39 => pen.fore = None,
                40..=47 => pen.back = small(code - 40),
                49 => pen.back = None,
                90..=97 => pen.fore = small(code - 90 + 8),
                100..=107 => pen.back = small(code - 100 + 8),
                38 => pen.fore = extended(&mut codes),
                48 => pen.back = extended(&mut codes),
                _ => {}
            }
        }
    }
}

impl Perform for Screen {
    fn print(&mut self, c: char) {
        if self.returns {
            self.restart_line();
        }
        self.text.push(c);
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.returns = false;
                self.text.push('\n');
            }
            b'\r' => self.returns = true,
            b'\t' => self.text.push('\t'),
            // A bell is heard nowhere here.
            7 => {}
            8 if !self.text.ends_with('\n') => _ = self.text.pop(),
            other => self.text.push(char::from(other)),
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], _ignore: bool, action: u8) {
        if action != b'm' || !intermediates.is_empty() {
            return;
        }
        self.flush();
        let codes: Vec<u16> = params.iter().flat_map(<[u16]>::iter).copied().collect();
        self.set(if codes.is_empty() { &[0] } else { &codes });
    }
}

fn small(code: u16) -> Option<u8> {
    u8::try_from(code).ok()
}

/// A colour of many, as the nearest of the sixteen: a page has two themes, and these are readable in both.
fn extended(codes: &mut impl Iterator<Item = u16>) -> Option<u8> {
    match codes.next()? {
        5 => match codes.next()? {
            code @ 0..=15 => small(code),
            code @ 16..=231 => {
                let cube = code - 16;
                Some(nearest([cube / 36, cube / 6 % 6, cube % 6].map(|part| part * 51)))
            }
            code => Some(nearest([(code.min(255) - 232) * 10 + 8; 3])),
        },
        2 => {
            let mut part = || codes.next().unwrap_or_default().min(255);
            Some(nearest([part(), part(), part()]))
        }
        _ => None,
    }
}

fn nearest([red, green, blue]: [u16; 3]) -> u8 {
    let most = red.max(green).max(blue);
    let is_on = |part: u16| u8::from(part > most / 2 && part > 47);
    let hue = is_on(red) | is_on(green) << 1 | is_on(blue) << 2;
    if most > 191 { hue + 8 } else { hue }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, String)> {
        styled(text.as_bytes()).into_iter().map(|span| (span.style, span.text)).collect()
    }

    #[test]
    fn colours_are_styles_and_nothing_else_is_obeyed() {
        for (text, expected) in [
            ("plain", vec![("", "plain")]),
            ("\x1b[1;31mred\x1b[0m on", vec![("bold fg1", "red"), ("", " on")]),
            ("\x1b[38;5;196mx\x1b[48;2;0;0;255my", vec![("fg9", "x"), ("fg9 bg12", "y")]),
            ("\x1b[38:5:2mx", vec![("fg2", "x")]),
            ("a\x1b]0;title\x07b\x1b]8;;https://e.example\x1b\\c", vec![("", "abc")]),
            ("a\x1b[2J\x1b[1;1H\x1b[?25lb", vec![("", "ab")]),
            ("10%\r20%\r\n30%\r", vec![("", "20%\n30%")]),
            ("ab\x08c\x07", vec![("", "ac")]),
            ("\u{202e}x\x01", vec![("", "⟨U+202E⟩x␁")]),
            ("\x1b[", vec![]),
            ("<b>&amp;", vec![("", "<b>&amp;")]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn floods_are_cut_and_say_so() {
        let storm = "\x1b[31ma\x1b[32mb".repeat(20_000);
        let shown = shown(&storm);
        assert_eq!(shown.len(), MOST_SPANS + 1);
        assert!(shown.last().is_some_and(|(_, text)| text.contains("is in the logs")));
        assert_eq!(styled(&vec![b'x'; SHOWN + 1]).len(), 2);
    }

    #[test]
    fn errors_stand_after_and_on_a_line_of_their_own() {
        let all = spans(b"a", b"\x1b[31mb");
        let all: Vec<_> = all.iter().map(|span| (span.style.as_str(), span.text.as_str())).collect();
        assert_eq!(all, [("", "a"), ("", "\n"), ("err fg1", "b")]);
    }
}
