//! Share links: a workspace as the fragment of an address, and back. A fragment never reaches a server.
//!
//! `v1.` and base64url of a raw deflate stream that was begun with a dictionary. A version, its dictionary
//! with it, is for ever: links of every version stay in the tests. Reading a link runs nothing, grants
//! nothing and raises no limit.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use crate::workspace::{Workspace, WorkspaceError};

/// What a link of this version begins with.
pub const PREFIX: &str = "v1.";

/// The longest fragment that is read or written, in characters: what chat programs and browsers still carry.
pub const MAX_LINK_CHARS: usize = 64 << 10;

/// The largest workspace that a link may inflate to, in bytes: a bomb is refused at this point.
pub const MAX_INFLATED_BYTES: usize = 1 << 20;

/// The largest module that a link holds, in bytes: more would fill the link by itself.
pub const MAX_LINKED_MODULE: usize = 24 << 10;

/// The dictionary of version 1: what workspaces say again and again. Never to be changed.
const DICTIONARY: &str = include_str!("link/dictionary-v1.txt");

/// Why a link cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not a link of this program at all.
    #[error("this is no Drydock link: it begins with {0:?}, not `{PREFIX}`")]
    NotALink(String),
    /// Of a later version.
    #[error("this link is of version {0}; this Drydock reads version 1")]
    Future(u32),
    /// Characters or bytes are missing or wrong.
    #[error("this link is cut off or damaged: {0}")]
    Damaged(&'static str),
    /// Longer than [`MAX_LINK_CHARS`].
    #[error("this link would have {0} characters, more than the {MAX_LINK_CHARS} that links carry")]
    TooLong(usize),
    /// Inflates to more than [`MAX_INFLATED_BYTES`].
    #[error("this link inflates to more than the {MAX_INFLATED_BYTES} bytes that a link may hold")]
    TooLarge,
    /// It holds something else than a workspace.
    #[error("this link holds no workspace: {0}")]
    Workspace(#[from] WorkspaceError),
}

impl LinkError {
    /// The way out.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotALink(_) | Self::Damaged(_) => "copy the whole link again from where it was shared",
            Self::Future(_) => "get the newest Drydock (a page: reload it), or ask for a workspace file",
            Self::TooLong(_) => "leave parts out, or download the workspace and send the file",
            Self::TooLarge => "ask for the workspace as a file",
            Self::Workspace(_) => "ask for the workspace as a file, or for a link made anew",
        }
    }
}

/// Writes a workspace as a fragment, without `#`.
///
/// # Errors
/// [`LinkError::TooLong`] or [`LinkError::TooLarge`] when it does not fit; nothing is ever left out silently.
pub fn encode(workspace: &Workspace) -> Result<String, LinkError> {
    pack(&workspace.to_yaml())
}

/// Writes the text of a workspace file as a fragment, without `#`.
///
/// # Errors
/// As [`encode`].
pub fn pack(text: &str) -> Result<String, LinkError> {
    if text.len() > MAX_INFLATED_BYTES {
        return Err(LinkError::TooLarge);
    }
    let link = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(deflate(text.as_bytes())));
    if link.len() > MAX_LINK_CHARS { Err(LinkError::TooLong(link.len())) } else { Ok(link) }
}

/// Reads a fragment, with or without `#`.
///
/// # Errors
/// [`LinkError`], which says what is wrong with it.
pub fn decode(fragment: &str) -> Result<Workspace, LinkError> {
    Ok(Workspace::from_yaml(&unpack(fragment)?)?)
}

/// The text of the workspace file in a fragment, with or without `#`; nothing of it is checked.
///
/// # Errors
/// [`LinkError`], but for [`LinkError::Workspace`].
pub fn unpack(fragment: &str) -> Result<String, LinkError> {
    let fragment = fragment.trim().trim_start_matches('#');
    if fragment.len() > MAX_LINK_CHARS {
        return Err(LinkError::TooLong(fragment.len()));
    }
    let Some(body) = fragment.strip_prefix(PREFIX) else { return Err(no_link(fragment)) };
    let bytes = URL_SAFE_NO_PAD
        .decode(body)
        .map_err(|_| LinkError::Damaged("it holds characters that no link has"))?;
    String::from_utf8(inflate(&bytes)?).map_err(|_| LinkError::Damaged("its text is not UTF-8"))
}

fn no_link(fragment: &str) -> LinkError {
    let version =
        fragment.strip_prefix('v').and_then(|rest| rest.split_once('.')).and_then(|(n, _)| n.parse().ok());
    match version {
        Some(version) => LinkError::Future(version),
        None => LinkError::NotALink(fragment.chars().take(12).collect()),
    }
}

/// Deflates the dictionary, drops what that wrote, and goes on with the text, which can then point back into it.
fn deflate(text: &[u8]) -> Vec<u8> {
    let best = 10;
    let raw = -15;
    let mut state = CompressorOxide::new(create_comp_flags_from_zip_params(best, raw, 0));
    let _ = pump(&mut state, DICTIONARY.as_bytes(), TDEFLFlush::Sync);
    pump(&mut state, text, TDEFLFlush::Finish)
}

fn pump(state: &mut CompressorOxide, mut input: &[u8], flush: TDEFLFlush) -> Vec<u8> {
    let mut output = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let (status, read, written) = compress(state, input, &mut buffer, flush);
        output.extend_from_slice(buffer.get(..written).unwrap_or_default());
        input = input.get(read..).unwrap_or_default();
        let flushed = flush == TDEFLFlush::Sync && input.is_empty() && written < buffer.len();
        if status != TDEFLStatus::Okay || flushed {
            return output;
        }
    }
}

/// Inflates behind the dictionary into a buffer that cannot grow beyond the cap.
fn inflate(bytes: &[u8]) -> Result<Vec<u8>, LinkError> {
    let begin = DICTIONARY.len();
    let mut state = DecompressorOxide::new();
    let mut buffer = DICTIONARY.as_bytes().to_vec();
    let (mut read, mut written) = (0, begin);
    loop {
        let room = buffer.len().saturating_sub(begin).max(4 << 10) * 2;
        buffer.resize(begin + room.min(MAX_INFLATED_BYTES), 0);
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, more, out) =
            decompress(&mut state, bytes.get(read..).unwrap_or_default(), &mut buffer, written, flags);
        read += more;
        written += out;
        match status {
            TINFLStatus::Done => {
                buffer.truncate(written);
                return Ok(buffer.split_off(begin));
            }
            TINFLStatus::HasMoreOutput if written - begin < MAX_INFLATED_BYTES => {}
            TINFLStatus::HasMoreOutput => return Err(LinkError::TooLarge),
            _ => return Err(LinkError::Damaged("its compressed text ends too early or makes no sense")),
        }
    }
}
