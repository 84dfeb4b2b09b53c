//! The command line as kubectl's users write it: options anywhere, names in their order.
//!
//! It refuses options that nobody asked for.

use crate::Failure;

/// What is left of a command line: options are taken out one by one, names come last.
#[derive(Clone, Debug)]
pub struct Arguments(Vec<String>);

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In the namespace of the kubeconfig's context.
    Current,
    /// In this namespace.
    Namespace(String),
    /// In all of them.
    All,
}

impl Arguments {
    /// Those that the program was started with, its name left out.
    #[must_use]
    pub fn of_program() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Takes out an option without a value, and says whether it was there.
    pub fn flag(&mut self, names: &[&str]) -> bool {
        let before = self.0.len();
        self.0.retain(|argument| !names.contains(&argument.as_str()));
        self.0.len() < before
    }

    /// Takes out an option with its value: `-n shop`, `--namespace shop` or `--namespace=shop`.
    ///
    /// # Errors
    /// When the value is missing.
    pub fn value(&mut self, names: &[&str]) -> Result<Option<String>, Failure> {
        let is_joined = |argument: &str| {
            argument.split_once('=').is_some_and(|(name, _)| name.starts_with("--") && names.contains(&name))
        };
        let is_found = |argument: &String| names.contains(&argument.as_str()) || is_joined(argument);
        let Some(index) = self.0.iter().position(is_found) else { return Ok(None) };
        let option = self.0.remove(index);
        if let Some((_, value)) = option.split_once('=') {
            return Ok(Some(value.to_owned()));
        }
        if index < self.0.len() {
            return Ok(Some(self.0.remove(index)));
        }
        Err(format!("`{option}` needs a value").into())
    }

    /// Takes out `-n` and `-A`.
    ///
    /// # Errors
    /// When a namespace is missing, or both are there.
    pub fn scope(&mut self) -> Result<Scope, Failure> {
        let namespace = self.value(&["-n", "--namespace"])?;
        match (namespace, self.flag(&["-A", "--all-namespaces"])) {
            (Some(_), true) => Err("one namespace or all of them: `-n` and `-A` exclude each other".into()),
            (Some(namespace), false) => Ok(Scope::Namespace(namespace)),
            (None, true) => Ok(Scope::All),
            (None, false) => Ok(Scope::Current),
        }
    }

    /// The names that are left; `expected` says what they are, and one in square brackets may be left out.
    ///
    /// # Errors
    /// When an option is left, a name is missing, or there are too many.
    pub fn finish(&mut self, expected: &[&str]) -> Result<Vec<String>, Failure> {
        let names = std::mem::take(&mut self.0);
        if let Some(option) = names.iter().find(|name| name.len() > 1 && name.starts_with('-')) {
            return Err(format!("there is no option `{option}`").into());
        }
        let needed = expected.iter().filter(|name| !name.starts_with('[')).count();
        if (needed..=expected.len()).contains(&names.len()) {
            return Ok(names);
        }
        let usage = if expected.is_empty() { "no names".to_owned() } else { expected.join(" ") };
        Err(format!("expected {usage}, got `{}`", names.join(" ")).into())
    }
}

impl<T: Into<String>> FromIterator<T> for Arguments {
    fn from_iter<I: IntoIterator<Item = T>>(words: I) -> Self {
        Self(words.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn arguments(line: &str) -> Arguments {
        line.split_whitespace().collect()
    }

    #[test]
    fn a_scope_is_taken_out() {
        for (line, expected) in [
            ("", Ok(Scope::Current)),
            ("-n shop", Ok(Scope::Namespace("shop".into()))),
            ("--namespace=shop", Ok(Scope::Namespace("shop".into()))),
            ("--all-namespaces", Ok(Scope::All)),
            ("-A -n shop", Err("one namespace or all of them: `-n` and `-A` exclude each other".into())),
            ("-n", Err("`-n` needs a value".into())),
        ] {
            assert_eq!(arguments(line).scope(), expected, "{line}");
        }
    }

    #[test]
    fn what_is_left_are_names() {
        let mut line = arguments("create --color pods -n shop web");
        assert_eq!(line.scope(), Ok(Scope::Namespace("shop".into())));
        assert!(line.flag(&["--color"]) && !line.flag(&["--color"]));
        assert_eq!(line.finish(&["VERB", "RESOURCE", "[NAME]"]).unwrap(), ["create", "pods", "web"]);
        for (line, expected) in [
            ("get", "expected VERB RESOURCE [NAME], got `get`"),
            ("get pods web -x", "there is no option `-x`"),
            ("a b c d", "expected VERB RESOURCE [NAME], got `a b c d`"),
        ] {
            assert_eq!(
                arguments(line).finish(&["VERB", "RESOURCE", "[NAME]"]),
                Err(expected.into()),
                "{line}"
            );
        }
    }
}
