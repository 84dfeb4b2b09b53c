//! An image reference: `registry:5000/team/app:1.2@sha256:...`, taken apart and put together.
//!
//! It does not judge whether a registry would accept it.

use std::fmt;

/// The parts of a reference; tag and digest are empty when they are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// Everything before tag and digest, a registry and its port included.
    pub(crate) name: &'a str,
    /// Without its colon.
    pub(crate) tag: &'a str,
    /// With its algorithm, without the `@`.
    pub(crate) digest: &'a str,
}

impl<'a> Reference<'a> {
    /// Takes a reference apart. A colon before the last slash belongs to a registry's port.
    pub(crate) fn parse(text: &'a str) -> Self {
        let (rest, digest) = text.split_once('@').unwrap_or((text, ""));
        match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => Self { name, tag, digest },
            _ => Self { name: rest, tag: "", digest },
        }
    }
}

impl fmt::Display for Reference<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)?;
        if !self.tag.is_empty() {
            write!(formatter, ":{}", self.tag)?;
        }
        if !self.digest.is_empty() {
            write!(formatter, "@{}", self.digest)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn references_are_taken_apart() {
        for (text, name, tag, digest) in [
            ("nginx", "nginx", "", ""),
            ("nginx:1.2", "nginx", "1.2", ""),
            ("localhost:5000/nginx", "localhost:5000/nginx", "", ""),
            ("localhost:5000/a/nginx:1.2", "localhost:5000/a/nginx", "1.2", ""),
            ("nginx@sha256:abc", "nginx", "", "sha256:abc"),
            ("nginx:1.2@sha256:abc", "nginx", "1.2", "sha256:abc"),
        ] {
            let reference = Reference::parse(text);
            assert_eq!((reference.name, reference.tag, reference.digest), (name, tag, digest), "{text}");
            assert_eq!(reference.to_string(), text);
        }
    }
}
