//! The pattern of a setter comment: text with `${names}` in it.

use std::collections::BTreeMap;

use function::Failure;
use regex_lite::{Regex, escape};

/// Values by the names of their setters.
pub(crate) type Setters<'a> = BTreeMap<&'a str, &'a str>;

/// A pattern such as `${image}:${tag}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    /// The pattern as it stands in the comment.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether any of the setters stands in it.
    pub(crate) fn uses(&self, setters: &Setters<'_>) -> bool {
        names(&self.0).iter().any(|name| setters.contains_key(name))
    }

    /// The setter's name, when the pattern is that one setter and nothing else.
    pub(crate) fn only_setter(&self) -> Option<&str> {
        match names(&self.0).as_slice() {
            [name] if self.0.len() == name.len() + "${}".len() => Some(name),
            _ => None,
        }
    }

    /// The text with every setter's value in it: those given, and for the others what the current text implies.
    ///
    /// # Errors
    /// When a setter has no value and the current text does not tell it.
    pub(crate) fn fill(&self, setters: &Setters<'_>, current: &str) -> Result<String, Failure> {
        let mut text = self.0.clone();
        let implied = self.implied(current);
        for (name, value) in setters.iter().map(|(name, value)| (*name, (*value).to_owned())).chain(implied) {
            text = text.replace(&format!("${{{name}}}"), &value);
        }
        let missing: Vec<String> = names(&text).iter().map(|name| format!("${{{name}}}")).collect();
        if missing.is_empty() {
            return Ok(text);
        }
        Err(format!("values for setters [{}] must be provided", missing.join(" ")).into())
    }

    /// The values that a text implies, each setter taking as much as it can; none when it does not fit, or one
    /// of them would be empty.
    fn implied(&self, current: &str) -> Vec<(&str, String)> {
        let names = names(&self.0);
        let mut pattern = escape(&self.0);
        for name in &names {
            pattern = pattern.replace(&escape(&format!("${{{name}}}")), "(.*)");
        }
        let Ok(regex) = Regex::new(&pattern) else { return Vec::new() };
        let Some(captures) = regex.captures(current) else { return Vec::new() };
        let values: Vec<&str> =
            captures.iter().skip(1).map(|group| group.map_or("", |group| group.as_str())).collect();
        if values.len() != names.len() || values.contains(&"") {
            return Vec::new();
        }
        names.into_iter().zip(values).map(|(name, value)| (name, value.to_owned())).collect()
    }
}

/// The names between `${` and `}`, in their order.
fn names(pattern: &str) -> Vec<&str> {
    pattern.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Setters};

    #[test]
    fn patterns_are_filled() {
        let setters: Setters<'_> = [("image", "ubuntu"), ("empty", "")].into();
        for (pattern, current, filled) in [
            ("${image}", "nginx", Ok("ubuntu")),
            ("${image}:${tag}", "nginx:1.2", Ok("ubuntu:1.2")),
            ("${image}-${stage}.${tld}", "a-dev.example.com", Ok("ubuntu-dev.example.com")),
            ("${image}:${tag}", "nginx", Err("values for setters [${tag}] must be provided")),
            ("${image}:${tag}", "nginx:", Err("values for setters [${tag}] must be provided")),
            ("${empty}", "x", Ok("")),
        ] {
            let actual = Pattern::new(pattern).fill(&setters, current).map_err(|failure| failure.to_string());
            assert_eq!(actual.as_deref().map_err(String::as_str), filled, "{pattern} {current}");
        }
    }

    #[test]
    fn a_list_takes_one_setter() {
        assert_eq!(Pattern::new("${list}").only_setter(), Some("list"));
        assert_eq!(Pattern::new("a-${list}").only_setter(), None);
        assert_eq!(Pattern::new("${a}${b}").only_setter(), None);
    }
}
