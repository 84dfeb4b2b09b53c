//! An image's name as the container runtimes read it: where the registry is left out, Docker's is meant.
//!
//! It does not judge whether a registry would accept it.

/// What registry is meant when none is named.
const DEFAULT: &str = "docker.io";
/// Whose images on the default registry are meant when nobody is named.
const LIBRARY: &str = "library";

/// The parts of an image's name that a policy asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    /// Such as `docker.io`, with its port.
    pub(crate) registry: String,
    /// Such as `library/nginx`, without tag and digest.
    pub(crate) path: String,
    /// Whether it is named by its digest.
    pub(crate) has_digest: bool,
}

impl Image {
    /// Takes a name apart. What stands before the first slash is a registry only if it looks like a host: it has a dot
    /// or a port, or is `localhost`.
    pub(crate) fn parse(text: &str) -> Self {
        let (name, digest) = text.split_once('@').unwrap_or((text, ""));
        let name = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => name,
            _ => name,
        };
        let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
        let (registry, path) = match name.split_once('/') {
            Some((host, path)) if is_host(host) => (host, path.to_owned()),
            Some(_) => (DEFAULT, name.to_owned()),
            None => (DEFAULT, format!("{LIBRARY}/{name}")),
        };
        Self { registry: registry.to_owned(), path, has_digest: !digest.is_empty() }
    }

    /// Whether it is from a registry, or from a path there. A path ends where a slash does: `a.io/team` is not
    /// `a.io/team-b`.
    pub(crate) fn is_from(&self, allowed: &str) -> bool {
        let full = format!("{}/{}/", self.registry, self.path);
        full.starts_with(&format!("{}/", allowed.trim_end_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn names_are_taken_apart() {
        for (text, registry, path, has_digest) in [
            ("nginx", "docker.io", "library/nginx", false),
            ("nginx:1.2", "docker.io", "library/nginx", false),
            ("team/app:1.2", "docker.io", "team/app", false),
            ("localhost/app", "localhost", "app", false),
            ("localhost:5000/app:1", "localhost:5000", "app", false),
            ("registry.example/team/app@sha256:abc", "registry.example", "team/app", true),
            ("registry.example/team/app:1@sha256:abc", "registry.example", "team/app", true),
        ] {
            let image = Image::parse(text);
            assert_eq!(
                (image.registry.as_str(), image.path.as_str(), image.has_digest),
                (registry, path, has_digest),
                "{text}"
            );
        }
    }

    #[test]
    fn a_path_ends_at_a_slash() {
        let image = Image::parse("registry.example/team/app:1");
        for (allowed, is_from) in [
            ("registry.example", true),
            ("registry.example/team", true),
            ("registry.example/team/", true),
            ("registry.example/team/app", true),
            ("registry.example/te", false),
            ("registry.example.com", false),
            ("docker.io", false),
        ] {
            assert_eq!(image.is_from(allowed), is_from, "{allowed}");
        }
    }
}
