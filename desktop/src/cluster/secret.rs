//! Text that must not be seen: it cannot be printed, compared or serialised, only used.

/// A token, a password or a key.
pub(super) struct Secret(String);

/// What stands in place of a secret that came back.
const HIDDEN: &[u8] = b"redacted";

/// Shorter ones would match by chance.
const SCRUBBED_FROM: usize = 6;

impl Secret {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be used at once.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// Bytes without it: what a server repeats must not come into a session.
    pub(super) fn scrub(&self, bytes: Vec<u8>) -> Vec<u8> {
        let secret = self.0.as_bytes();
        if secret.len() < SCRUBBED_FROM || !bytes.windows(secret.len()).any(|window| window == secret) {
            return bytes;
        }
        let mut clean = Vec::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        while let Some((first, after)) = rest.split_first() {
            if let Some(after) = rest.strip_prefix(secret) {
                clean.extend_from_slice(HIDDEN);
                rest = after;
            } else {
                clean.push(*first);
                rest = after;
            }
        }
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_is_hidden() {
        let scrub = |secret: &str, text: &str| {
            String::from_utf8(Secret::new(secret).scrub(text.as_bytes().to_vec())).unwrap()
        };
        assert_eq!(scrub("hunter22", "no, hunter22 is not hunter22"), "no, redacted is not redacted");
        assert_eq!(scrub("hunter22", "no"), "no");
        assert_eq!(scrub("", "no"), "no");
    }
}
