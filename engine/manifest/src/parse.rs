//! Reads a text of one or more YAML or JSON documents into trees.
//!
//! Refuses what is too big, too deep or expands too far, two equal keys in a mapping, and what kubectl
//! cannot turn into JSON. It stops at the first error: nothing is concluded from half a file.

use std::fmt;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScanError, StrInput};

use crate::layout;
use crate::merge;
use crate::node::Node;
use crate::tree::Tree;

/// What a text may cost. Every limit bounds memory or time that the text's author controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text in bytes. 16 MiB: five times the API server's largest request.
    pub max_bytes: usize,
    /// Nested collections. 100: the deepest real manifests, definitions of custom resources, stay below
    /// 60, and every tree within the limit can be walked on a small stack.
    pub max_depth: usize,
    /// Nodes of all documents together, aliases expanded. Two million are some 400 MiB.
    pub max_nodes: usize,
    /// Nodes that come from aliases and merge keys. 100,000: manifests that use them repeat a block of
    /// labels or an environment, not the file.
    pub max_expanded_nodes: usize,
    /// Bytes of scalars that come from aliases and merge keys: 4 MiB.
    pub max_expanded_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 16 << 20,
            max_depth: 100,
            max_nodes: 2_000_000,
            max_expanded_nodes: 100_000,
            max_expanded_bytes: 4 << 20,
        }
    }
}

/// One document of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The tree. Null for a document without content.
    pub root: Node,
    /// The bytes of the document with its comments, without the lines that separate documents.
    pub span: Range<usize>,
    /// True if the document holds comments or blank lines only: kubectl skips it.
    pub is_empty: bool,
}

impl Document {
    /// The document's own text out of the source it was parsed from.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.span.clone()).unwrap_or_default()
    }

    /// True if the document is written as JSON is: one object or list in brackets with quoted keys.
    pub fn is_json(&self, source: &str) -> bool {
        self.text(source).trim_start().starts_with(['{', '['])
            && self.root.as_mapping().is_none_or(|entries| {
                entries.iter().all(|entry| entry.key.style == crate::Style::DoubleQuoted)
            })
    }
}

/// Why a text was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The cause.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The offending line, shortened around the column if it is very long.
    pub snippet: String,
    /// A way out, if there is a likely one.
    pub hint: Option<String>,
}

impl std::error::Error for ParseError {}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}: {}", self.line, self.column, self.message, self.snippet.trim())?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

/// A cause and the byte where it was found, before the line is looked up.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) hint: Option<String>,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>, line: usize, column: usize) -> Refusal {
        Refusal { message: message.into(), line, column, hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Refusal {
        self.hint = Some(hint.into());
        self
    }
}

/// Longest line shown in an error, in characters. Minified JSON is one line.
const SNIPPET_CHARS: usize = 160;

/// Reads every document of a text, YAML or JSON.
///
/// A byte order mark and any line ends are accepted. A text without any content or comment has no documents.
///
/// # Errors
/// The first thing that is no YAML, that kubectl would refuse or read in a surprising way, or that is
/// beyond a limit, with its line and column.
pub fn parse(text: &str, limits: &Limits) -> Result<Vec<Document>, ParseError> {
    read(text, limits).map_err(|refusal| locate(text, refusal))
}

fn locate(text: &str, refusal: Refusal) -> ParseError {
    let line =
        text.split('\n').nth(refusal.line.saturating_sub(1)).unwrap_or_default().trim_end_matches('\r');
    let skip = refusal.column.saturating_sub(SNIPPET_CHARS / 2);
    let snippet = if line.len() <= SNIPPET_CHARS {
        line.to_owned()
    } else {
        line.chars().skip(skip).take(SNIPPET_CHARS).collect()
    };
    let hint = refusal.hint.or_else(|| template_hint(line));
    ParseError { message: refusal.message, line: refusal.line, column: refusal.column, snippet, hint }
}

fn template_hint(line: &str) -> Option<String> {
    line.contains("{{").then(|| "a template in braces must be rendered or quoted first".to_owned())
}

fn read(text: &str, limits: &Limits) -> Result<Vec<Document>, Refusal> {
    if text.len() > limits.max_bytes {
        let message =
            format!("the text has {} bytes, more than the limit of {}", text.len(), limits.max_bytes);
        return Err(Refusal::new(message, 1, 1));
    }
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        text,
        documents: Vec::new(),
        start,
        parser: Parser::new_from_str_with_options(text, options(limits)),
        tree: Tree::new(limits),
    };
    reader.run()?;
    Ok(reader.documents)
}

fn options(limits: &Limits) -> granit_parser::Options {
    granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: limits.max_depth,
        block_nesting_limit: limits.max_depth,
        simple_key_max_lookahead: MAX_KEY_CHARS,
    }
}

/// Longest key in characters. YAML says 1,024, but kubectl reads JSON without that limit, and a
/// ConfigMap's key or a label in JSON may be generated.
const MAX_KEY_CHARS: usize = 64 << 10;

struct Reader<'a> {
    text: &'a str,
    documents: Vec<Document>,
    /// Where the next document's text starts.
    start: usize,
    parser: Parser<'a, StrInput<'a>>,
    tree: Tree<'a>,
}

impl Reader<'_> {
    fn run(&mut self) -> Result<(), Refusal> {
        // A document whose end is not known before the next one starts.
        let mut open: Option<Node> = None;
        while let Some(event) = self.parser.next_event() {
            let (event, span) = event.map_err(scan_refusal)?;
            let range = span.byte_range().unwrap_or_default();
            match event {
                Event::DocumentStart(is_explicit, _) => {
                    if let Some(root) = open.take() {
                        self.close(root, range.start)?;
                    } else if is_explicit {
                        self.keep_comments(range.start);
                    }
                    if is_explicit {
                        self.start = self.after_marker(range.end);
                    }
                }
                Event::DocumentEnd => {
                    let root = self.tree.take_root();
                    if self.text.get(range.clone()) == Some("...") {
                        self.close(root, range.start)?;
                        self.start = self.after_marker(range.end);
                    } else {
                        open = Some(root);
                    }
                }
                Event::StreamEnd => break,
                event => self.tree.accept(event, &span)?,
            }
        }
        match open {
            Some(root) => self.close(root, self.text.len()),
            None => {
                self.keep_comments(self.text.len());
                Ok(())
            }
        }
    }

    /// The byte after a `---` or `...`, or after its line if nothing else stands there.
    #[inline(never)]
    fn after_marker(&self, end: usize) -> usize {
        let rest = self.text.get(end..).unwrap_or_default();
        let line = rest.find('\n').map_or(rest, |at| rest.get(..=at).unwrap_or_default());
        if line.trim().is_empty() { end + line.len() } else { end }
    }

    /// Text without any node before a separator or the end is a document of comments.
    #[inline(never)]
    fn keep_comments(&mut self, end: usize) {
        let text = self.text.get(self.start..end).unwrap_or_default();
        let has_directive = text.lines().any(|line| line.starts_with('%'));
        if text.contains('#') && !has_directive {
            self.documents.push(Document { root: Node::plain(""), span: self.start..end, is_empty: true });
            self.start = end;
        }
    }

    #[inline(never)]
    fn close(&mut self, mut root: Node, end: usize) -> Result<(), Refusal> {
        let span = self.start.min(end)..end;
        let is_empty =
            root.scalar_text() == Some("") && root.style == crate::Style::Plain && root.tag.is_none();
        if !is_empty {
            layout::place(&mut root, self.text, span.clone());
            if std::mem::take(&mut self.tree.has_merge_keys) {
                merge::resolve(&mut root)?;
            }
        }
        self.documents.push(Document { root, span, is_empty });
        self.start = end;
        Ok(())
    }
}

fn scan_refusal(error: ScanError) -> Refusal {
    let marker = error.marker();
    let refusal = Refusal::new(scan_message(&error), marker.line(), marker.col() + 1);
    match scan_hint(error.kind()) {
        Some(hint) => refusal.hint(hint),
        None => refusal,
    }
}

fn scan_message(error: &ScanError) -> String {
    match error.kind() {
        ErrorKind::TabInBlockIndentation => "a tab in the indentation".to_owned(),
        ErrorKind::RecursionLimitExceeded => "collections are nested too deeply".to_owned(),
        ErrorKind::UnknownAnchor => "an alias to an anchor that is not defined above".to_owned(),
        ErrorKind::UnexpectedCharacter { character } => {
            format!("a value cannot start with or hold `{}` without quotes", character.escape_debug())
        }
        _ => error.info(),
    }
}

fn scan_hint(kind: &ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::TabInBlockIndentation => Some("YAML is indented with spaces only"),
        ErrorKind::MappingValueNotAllowed => {
            Some("quote a value that contains `: `, or check that the line is indented like its neighbours")
        }
        ErrorKind::UnknownQuotedScalarEscape => Some("write a backslash as `\\\\`, or use single quotes"),
        _ => None,
    }
}
