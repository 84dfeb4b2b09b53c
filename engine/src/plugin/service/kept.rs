//! What is kept of messages and of what a service prints: as much as a person reads, and no more over a whole run.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::abi::go_plugin::proto::{self, Schema, decode::Unread};
use crate::abi::go_plugin::raw;
use crate::bytes::Bytes;
use crate::report::{MAX_CALL_BODIES, MAX_CALL_BODY, MAX_MESSAGE_TEXT, Message};

/// How much is still kept.
pub(super) struct Kept {
    room: usize,
}

impl Kept {
    pub(super) fn new() -> Self {
        Self { room: MAX_CALL_BODIES }
    }

    /// How many of so many bytes are kept.
    fn take(&mut self, size: usize) -> usize {
        let taken = size.min(MAX_CALL_BODY).min(self.room);
        self.room -= taken;
        taken
    }

    /// The beginning of what was printed.
    pub(super) fn bytes(&mut self, mut printed: Vec<u8>) -> Bytes {
        printed.truncate(self.take(printed.len()));
        printed.into()
    }

    /// A message as it is shown: by its type, or as a tree. A type goes with the schema that has it. Beside it what there
    /// is to say of it, or why it is none.
    pub(super) fn message(
        &mut self,
        bytes: &[u8],
        described: Option<(usize, &Schema)>,
    ) -> (Message, Result<Option<String>, String>) {
        let kept = self.take(bytes.len());
        let mut message = Message {
            base64: STANDARD.encode(bytes.get(..kept).unwrap_or_default()),
            bytes: bytes.len() as u64,
            ..Message::default()
        };
        let said = match described {
            Some((place, schema)) => self.by_type(bytes, (place, schema), &mut message),
            None => self.as_tree(bytes, &mut message),
        };
        (message, said)
    }

    fn as_tree(&mut self, bytes: &[u8], message: &mut Message) -> Result<Option<String>, String> {
        let tree = raw::tree(bytes).ok_or("its bytes are no message")?;
        let end = tree.floor_char_boundary(self.take(tree.len()));
        tree.get(..end).unwrap_or_default().clone_into(&mut message.tree);
        Ok(None)
    }

    fn by_type(
        &mut self,
        bytes: &[u8],
        (place, schema): (usize, &Schema),
        message: &mut Message,
    ) -> Result<Option<String>, String> {
        let read = match proto::decode::message(schema, place, bytes) {
            Ok(read) => read,
            Err(Unread::TooLarge) => return Ok(Some("has too many values to be shown as JSON".into())),
            Err(Unread::Broken(cause)) => return Err(format!("it is not what the `proto` says: {cause}")),
        };
        let size = read.json.to_string().len();
        let is_shown = size <= MAX_MESSAGE_TEXT && self.take(size) == size;
        message.json = is_shown.then_some(read.json);
        Ok(match (is_shown, read.unknown.as_slice()) {
            (false, _) => Some("is too long to be shown as JSON".into()),
            (_, []) => None,
            (_, unknown) => {
                Some(format!("has fields that the `proto` does not describe: {}", unknown.join(", ")))
            }
        })
    }
}
