//! What a rule of a role allows, as RBAC's authorizer reads it. URLs that are no resources are left out.

use std::fmt;

use kubectl_plugin::items;
use serde_json::Value;

/// What somebody would do.
pub(crate) struct Asked<'a> {
    pub(crate) verb: &'a str,
    /// Empty for the core group.
    pub(crate) group: &'a str,
    /// The plural.
    pub(crate) resource: &'a str,
    /// As in `pods/log`; empty for the resource itself.
    pub(crate) sub: &'a str,
    /// One object; none: any of them.
    pub(crate) name: Option<&'a String>,
}

impl Asked<'_> {
    /// Whether a rule allows it.
    pub(crate) fn is_allowed_by(&self, rule: &Value) -> bool {
        let whole = if self.sub.is_empty() {
            self.resource.to_owned()
        } else {
            format!("{}/{}", self.resource, self.sub)
        };
        let any_with_sub = format!("*/{}", self.sub);
        has(rule, "/verbs", &[self.verb, "*"])
            && has(rule, "/apiGroups", &[self.group, "*"])
            && (has(rule, "/resources", &[&whole, "*"])
                || !self.sub.is_empty() && has(rule, "/resources", &[&any_with_sub]))
            && self.is_named_by(rule)
    }

    /// A rule for certain objects does not allow any object.
    fn is_named_by(&self, rule: &Value) -> bool {
        let is_open = items(rule, "/resourceNames").next().is_none();
        is_open || self.name.is_some_and(|name| has(rule, "/resourceNames", &[name]))
    }
}

fn has(rule: &Value, list: &str, wanted: &[&str]) -> bool {
    items(rule, list).filter_map(Value::as_str).any(|entry| wanted.contains(&entry))
}

impl fmt::Display for Asked<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.verb, self.resource)?;
        if !self.group.is_empty() {
            write!(formatter, ".{}", self.group)?;
        }
        if !self.sub.is_empty() {
            write!(formatter, "/{}", self.sub)?;
        }
        self.name.map_or(Ok(()), |name| write!(formatter, " {name}"))
    }
}
