//! A module's answer as bytes: exactly one JSON document. Nothing, two, something behind it, or a field that stands
//! there twice are no answer.
//!
//! It knows no shape; what the document must hold is the ABI's to say.

mod unique;

use serde_json::Value as Json;

use self::unique::Unique;
use super::policy::{Failure, sentence};
use crate::words;

/// How many characters of an answer that is none are quoted.
const QUOTED: usize = 60;

/// Where messages belong.
const STDOUT: &str = "stdout is for the one answer alone, messages go to stderr";

/// How an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Printed to stdout.
    Printed,
    /// Handed over by a call.
    Given,
}

impl Way {
    fn verb(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Given => "handed over",
        }
    }

    fn refuse(self, cause: String) -> Failure {
        let failure = Failure::malformed(cause);
        match self {
            Self::Printed => failure.with_hint(STDOUT),
            Self::Given => failure,
        }
    }
}

/// Reads exactly one JSON document.
pub(crate) fn document(bytes: &[u8], way: Way) -> Result<Json, Failure> {
    let verb = way.verb();
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = words::grouped(error.valid_up_to() as u64);
        Failure::malformed(format!("did not answer in UTF-8: byte {at} of its output is no text"))
    })?;
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Unique>();
    let begins: String = text.trim_start().chars().take(QUOTED).collect();
    let first = match documents.next() {
        None => return Err(way.refuse(format!("{verb} nothing"))),
        Some(Ok(Unique(first))) => first,
        Some(Err(error)) => {
            let hint = format!("its output begins with {begins:?}");
            let hint = if way == Way::Printed { format!("{hint}; {STDOUT}") } else { hint };
            return Err(Failure::malformed(format!(
                "did not answer with JSON: {}",
                sentence(&error.to_string())
            ))
            .with_hint(hint));
        }
    };
    match documents.next() {
        None => Ok(first),
        Some(Ok(_)) => Err(way.refuse(format!("{verb} more than one JSON document"))),
        Some(Err(_)) => Err(way.refuse(format!("{verb} something behind its answer"))),
    }
}
