//! The configuration: what to find, and what to put there.

use function::{Failure, KrmResult, quoted, text_map};
use manifest::Node;
use regex_lite::{Captures, Regex};

use crate::Match;
use crate::file_pattern;
use crate::path_pattern::PathPattern;

/// What the configuration may hold.
const KEYS: [&str; 6] = ["by-value", "by-file-path", "by-value-regex", "by-path", "put-value", "put-comment"];

/// What to find, and what to put there. What is given must all agree.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    value: Option<String>,
    regex: Option<Regex>,
    /// The path to find.
    pub(crate) path: Option<PathPattern>,
    file: Option<String>,
    put_value: Option<String>,
    put_comment: Option<String>,
}

impl Settings {
    /// Reads the `data` of a configuration. What is empty counts as not given.
    pub(crate) fn read(config: Option<&Node>) -> Result<Self, Failure> {
        let mut settings = Self::default();
        for (key, value) in text_map(config.and_then(|config| config.get("data"))) {
            settings.set(key, value)?;
        }
        if settings.value.is_some() && settings.regex.is_some() {
            return Err(r#"only one of ["by-value", "by-value-regex"] can be provided"#.into());
        }
        Ok(settings)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), Failure> {
        let given = Some(value.to_owned()).filter(|value| !value.is_empty());
        match key {
            "by-value" => self.value = given,
            "by-value-regex" => self.regex = given.map(|pattern| compile(&pattern)).transpose()?,
            "by-path" => self.path = given.map(PathPattern::new),
            "by-file-path" => self.file = given,
            "put-value" => self.put_value = given,
            "put-comment" => self.put_comment = given,
            other => {
                return Err(format!("invalid matcher {}, must be one of {:?}", quoted(other), KEYS)
                    .replace("\", \"", "\" \"")
                    .into());
            }
        }
        Ok(())
    }

    /// Whether resources of a file are searched.
    pub(crate) fn takes_file(&self, path: &str) -> bool {
        self.file.as_deref().is_none_or(|pattern| file_pattern::matches(pattern, path))
    }

    /// Whether a field is meant: by its value, by its path, or by both where both are given.
    pub(crate) fn takes(&self, value: &str, path: &str) -> bool {
        let by_value = match (&self.value, &self.regex) {
            (Some(wanted), _) => Some(wanted == value),
            (None, Some(regex)) => Some(regex.is_match(value)),
            (None, None) => None,
        };
        let by_path = self.path.as_ref().map(|pattern| pattern.matches(path));
        match (by_value, by_path) {
            (None, None) => false,
            (by_value, by_path) => by_value.unwrap_or(true) && by_path.unwrap_or(true),
        }
    }

    /// The field to set without a search, where the path is plain and nothing is said about values: only so
    /// is a field created that is missing.
    pub(crate) fn field_to_create(&self) -> Option<(&str, &str)> {
        let path = self.path.as_ref().filter(|path| path.is_plain())?;
        let searches = self.value.is_some() || self.regex.is_some();
        if searches { None } else { Some((path.as_str(), self.put_value.as_deref()?)) }
    }

    /// What to put into a field with a value.
    pub(crate) fn value_for(&self, value: &str) -> Result<Option<String>, Failure> {
        self.put_value.as_deref().map(|pattern| self.resolve(pattern, value)).transpose()
    }

    /// What to write beside a field with a value.
    pub(crate) fn comment_for(&self, value: &str) -> Result<Option<String>, Failure> {
        self.put_comment.as_deref().map(|pattern| self.resolve(pattern, value)).transpose()
    }

    /// What to write beside a list.
    pub(crate) fn list_comment(&self) -> Option<&str> {
        self.put_comment.as_deref()
    }

    /// What a match reports.
    pub(crate) fn result(&self, found: &Match) -> KrmResult {
        let puts = self.put_value.is_some() || self.put_comment.is_some();
        let verb = if puts { "Mutated field value to" } else { "Matched field value" };
        KrmResult::plain(format!("{verb} {}", quoted(&found.value))).field(&found.path)
    }

    /// Fills `${1}`, `${2}`, … from the groups of the expression.
    fn resolve(&self, pattern: &str, value: &str) -> Result<String, Failure> {
        let Some(regex) = &self.regex else { return Ok(pattern.to_owned()) };
        let mut resolved = pattern.to_owned();
        if let Some(captures) = regex.captures(value) {
            for (index, group) in groups(&captures) {
                resolved = resolved.replace(&format!("${{{index}}}"), group);
            }
        }
        if compile(r"\$\{[0-9]+\}")?.is_match(&resolved) {
            return Err("unable to resolve capture groups".into());
        }
        Ok(resolved)
    }
}

/// The groups of a match with their numbers, from 1.
fn groups<'a>(captures: &'a Captures<'_>) -> impl Iterator<Item = (usize, &'a str)> {
    captures
        .iter()
        .enumerate()
        .skip(1)
        .map(|(index, group)| (index, group.map_or("", |group| group.as_str())))
}

/// Compiles an expression.
fn compile(pattern: &str) -> Result<Regex, Failure> {
    Regex::new(pattern)
        .map_err(|error| format!("failed to compile input pattern {}: {error}", quoted(pattern)).into())
}
